"""What people and operators meet where the files lie in a bucket, there or gone."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from encryption.files import name_of
from portal import status
from requests_app.asking import actions as asking
from requests_app.files import actions as files
from requests_app.models import Attachment
from tests.house.test_start_without_keys import urls
from tests.objects.storage import in_environment
from tests.patience import PATIENCE
from tests.plugins.people import sign_in

CONTENT = b"Plain words, and nothing else."
GONE = "The service cannot be used at the moment"


@pytest.fixture
def draft(cast, bucket):
    return asking.start_request(
        by=cast.requester, idempotency_key=uuid4(), desk=cast.agencies["front_door"]
    )


@pytest.fixture
def client(cast):
    return sign_in(Client(raise_request_exception=False), cast.users["requester"])


@pytest.fixture
def gone(bucket, settings):
    """From now on nothing listens where the storage was."""

    def go():
        settings.FILES_BUCKET = replace(bucket, endpoint="http://127.0.0.1:9")

    return go


def upload():
    return SimpleUploadedFile("seen.txt", CONTENT)


def attached(draft, cast):
    return files.attach_file(draft, by=cast.requester, idempotency_key=uuid4(), upload=upload())


@pytest.mark.django_db
def test_a_file_is_added_and_read_again(client, draft, bucket, storage):
    there = reverse("requests:files", args=[draft.pk])
    answer = client.post(there, {"idempotency_key": str(uuid4()), "uploads": [upload()]})
    assert answer.status_code == 302, answer.content.decode()
    row = Attachment.objects.get()
    assert list(storage.there(bucket)) == [f"files/{name_of(row.pk)}"]
    answer = client.get(reverse("requests:file", args=[draft.pk, row.pk]))
    assert b"".join(answer.streaming_content) == CONTENT


@pytest.mark.django_db(transaction=True)
def test_without_the_storage_nothing_is_kept_and_the_page_says_when_to_try(
    client, draft, gone, bucket, storage
):
    there = reverse("requests:files", args=[draft.pk])
    gone()
    answer = client.post(there, {"idempotency_key": str(uuid4()), "uploads": [upload()]})
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert GONE in answer.content.decode()
    assert not Attachment.objects.exists()
    assert storage.there(bucket) == {}
    assert client.get(there).status_code == 200, "pages without a file go on"


@pytest.mark.django_db(transaction=True)
def test_one_that_stops_in_the_middle_of_a_put_leaves_no_row(client, draft, way, bucket, storage):
    there = reverse("requests:files", args=[draft.pk])
    content = SimpleUploadedFile("seen.txt", b"Seen at the clinic. " * 200_000)
    client.get(there)
    way.cut_after = way.sent + 1_000_000
    answer = client.post(there, {"idempotency_key": str(uuid4()), "uploads": [content]})
    assert answer.status_code == 503
    assert not Attachment.objects.exists()
    assert storage.there(bucket) == {}


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_fetched_gives_a_page_and_not_half_a_file(client, draft, cast, gone):
    row = attached(draft, cast)
    gone()
    answer = client.get(reverse("requests:file", args=[draft.pk, row.pk]))
    assert answer.status_code == 503
    assert GONE in answer.content.decode()


@pytest.mark.django_db
def test_one_that_was_bent_gives_a_page_that_says_so(client, draft, cast, bucket, storage):
    row = attached(draft, cast)
    [held] = storage.there(bucket).values()
    storage.bend(bucket, name_of(row.pk), held[:-1] + bytes([held[-1] ^ 1]))
    answer = client.get(reverse("requests:file", args=[draft.pk, row.pk]))
    assert answer.status_code == 503
    assert "cannot be opened" in answer.content.decode()


@pytest.mark.django_db
def test_status_says_whether_it_answers(cast, bucket, gone, settings):
    def said():
        found = [line for line in status.lines() if line.name == "Storage of files"]
        return [(line.said, line.late) for line in found]

    assert said() == [("It answers.", False)]
    gone()
    [(words, late)] = said()
    assert late
    assert "Nobody can add or open a file" in words
    settings.FILES_BUCKET = None
    assert said() == []


@pytest.mark.django_db
def test_monitoring_is_told_whether_it_answers(client, bucket, gone, settings):
    settings.METRICS_TOKEN = "z" * 40

    def said():
        answer = client.get("/metrics", headers={"authorization": f"Bearer {'z' * 40}"})
        return re.findall(r'portal_part_up{part="files"} (\S+)', answer.content.decode())

    assert said() == ["1.0"]
    gone()
    assert said() == ["0.0"]
    settings.FILES_BUCKET = None
    assert said() == []


def started(bucket, tmp_path):
    """The web server, in a process of its own."""
    as_app = {name: re.sub("//[^@]*@", "//portal_app@", url) for name, url in urls().items()}
    env = os.environ | as_app | in_environment(bucket)
    env |= {"FILES_DIR": "", "PYTEST": "false", "LOG_LEVEL": "DEBUG"}
    return subprocess.run(
        [sys.executable, "-c", "import portal.wsgi"],
        env=env | {"KEYRING_FILE": str(tmp_path / "keyring.json")},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def ring(transactional_db, settings, tmp_path):
    (tmp_path / "keyring.json").symlink_to(settings.KEYRING_FILE)


@pytest.mark.usefixtures("ring")
def test_the_web_server_starts_on_a_bucket_that_is_as_it_must_be(bucket, tmp_path):
    done = started(bucket, tmp_path)
    assert done.returncode == 0, done.stderr
    assert not re.search(r"botocore|boto3|urllib3|Signature", done.stderr), "whole requests"


@pytest.mark.usefixtures("ring")
@pytest.mark.clause("ISA-8.1", part=True)
def test_it_refuses_a_bucket_that_would_keep_what_is_disposed_of(bucket, storage, tmp_path):
    storage.keeper.put_bucket_versioning(
        Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"}
    )
    done = started(bucket, tmp_path)
    assert done.returncode == 3
    assert "The portal does not start: s3://portal-" in done.stderr
    assert "keeps versions" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("ring")
def test_it_starts_where_the_storage_is_only_gone(bucket, tmp_path):
    done = started(replace(bucket, endpoint="http://127.0.0.1:9"), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "files_not_there" in done.stderr
    assert bucket.secret not in done.stderr


@pytest.mark.django_db(transaction=True)
def test_one_that_is_not_what_it_must_be_when_it_answers_at_last_is_said_and_may_be_sent_again(
    client, draft, bucket, storage, lines
):
    """It did not answer at the start; what was typed is there once somebody has put it right."""
    keeper = storage.keeper
    keeper.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    there = reverse("requests:files", args=[draft.pk])
    answer = client.post(there, {"idempotency_key": str(uuid4()), "uploads": [upload()]})
    assert answer.status_code == 503
    assert GONE in answer.content.decode()
    assert bucket.name not in answer.content.decode()
    assert "keeps versions" in lines.getvalue()
    assert not Attachment.objects.exists()
    assert storage.there(bucket) == {}
