"""Sealed files in a bucket: what was cut or exchanged there does not open; nothing is in clear."""

import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as now

from encryption.casekeys import create_case_key, destroy_case_key
from encryption.chunks import CHUNK
from encryption.errors import FileTaken, KeyDestroyed, SealBroken
from encryption.files import (
    generation_of_file,
    name_of,
    open_file,
    remove_file,
    seal_file,
    seal_file_anew,
)
from encryption.generations import begin_generation
from tests import walks as requests
from tests.objects.storage import in_environment
from tests.retention import walks
from tests.retention.disposal.test_as_its_role import carried_out
from tests.retention.disposal.test_disposing import is_readable

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
HEADER, RECORD = 19, 12 + CHUNK + 16
CONTENT = b"a bruise that nobody explains " * 100_000


@pytest.fixture
def case_id(db):
    case_id = uuid4()
    create_case_key(case_id)
    return case_id


@pytest.fixture
def file_id(case_id, bucket):
    """A file of three chunks."""
    file_id = uuid4()
    seal_file(CONTENT, case_id=case_id, file_id=file_id)
    return file_id


def read(case_id, file_id):
    return b"".join(open_file(case_id=case_id, file_id=file_id))


@pytest.mark.clause("P-SECURE", part=True)
def test_it_is_read_again_and_nothing_of_it_is_in_clear(case_id, file_id, bucket, storage):
    assert read(case_id, file_id) == CONTENT
    [(key, held)] = storage.there(bucket).items()
    assert key == f"files/{name_of(file_id)}"
    assert b"bruise" not in held
    assert str(case_id) not in key
    temporary = Path(os.environ["TMPDIR"])
    of_tests = temporary / "pytest"  # where other tests put down what pages say
    written = [
        each
        for each in temporary.rglob("*")
        if each.is_file() and each.stat().st_size and of_tests not in each.parents
    ]
    assert not [each for each in written if b"nobody explains" in each.read_bytes()]


def test_it_is_never_overwritten_and_the_same_again_is_no_fault(case_id, file_id, bucket, storage):
    before = storage.there(bucket)
    other = uuid4()
    create_case_key(other)
    for case, content in ((case_id, b"other"), (other, CONTENT)):
        with pytest.raises(FileTaken, match="left as it is"):
            seal_file(content, case_id=case, file_id=file_id)
    seal_file(CONTENT, case_id=case_id, file_id=file_id)
    assert storage.there(bucket) == before


@pytest.mark.parametrize("size", [0, 5, HEADER, HEADER + RECORD, HEADER + 2 * RECORD, -1])
def test_one_that_was_cut_is_refused_before_its_end(case_id, file_id, bucket, storage, size):
    [held] = storage.there(bucket).values()
    storage.bend(bucket, name_of(file_id), held[:size])
    with pytest.raises(SealBroken, match="Restore it from a backup"):
        read(case_id, file_id)
    if 0 <= size < HEADER:
        with pytest.raises(SealBroken):
            generation_of_file(file_id)


def test_two_that_were_exchanged_do_not_open(case_id, file_id, bucket, storage):
    other, another_case = uuid4(), uuid4()
    create_case_key(another_case)
    seal_file(CONTENT, case_id=case_id, file_id=other)
    held = storage.there(bucket)
    mine, theirs = (held[f"files/{name_of(each)}"] for each in (file_id, other))
    storage.bend(bucket, name_of(file_id), theirs)
    storage.bend(bucket, name_of(other), mine)
    for each in (file_id, other):
        with pytest.raises(SealBroken):
            open_file(case_id=case_id, file_id=each)
    with pytest.raises(SealBroken):
        open_file(case_id=another_case, file_id=file_id)


def test_one_that_is_missing_is_told_from_one_that_went_with_its_case(case_id, file_id, bucket):
    with pytest.raises(SealBroken, match="is missing"):
        open_file(case_id=case_id, file_id=uuid4())
    assert generation_of_file(uuid4()) is None
    remove_file(file_id=file_id)
    destroy_case_key(case_id)
    with pytest.raises(KeyDestroyed):
        open_file(case_id=case_id, file_id=file_id)


def test_it_is_sealed_anew_in_its_place(cast, bucket, storage):
    case = requests.a_draft(cast)
    file_id = uuid4()
    seal_file(CONTENT, case_id=case.pk, file_id=file_id)
    before = storage.there(bucket)
    begin_generation(case.pk)
    seal_file_anew(case_id=case.pk, file_id=file_id)
    assert generation_of_file(file_id) == 2
    assert read(case.pk, file_id) == CONTENT
    after = storage.there(bucket)
    assert after.keys() == before.keys()
    assert after != before


@pytest.mark.clause("ISA-8.1")
@pytest.mark.django_db(transaction=True, databases=["default", "keystore"])
def test_a_disposal_takes_it_out_of_the_bucket(
    cast, bucket, storage, settings, tmp_path, monkeypatch
):
    """By the process that does it in production, with an environment of its own."""
    settings.DISPOSAL_REGISTER = tmp_path / "disposals.jsonl"
    settings.FILES_DIR = ""
    gone, kept = walks.closed(cast), walks.closed(cast)
    files = [walks.with_file(each) for each in (gone, kept)]
    for name, value in in_environment(bucket).items():
        monkeypatch.setenv(name, value)
    walks.waited(walks.approved(cast, gone))
    said = carried_out()
    assert "Records destroyed: 1." in said, said
    assert not is_readable(gone)
    assert list(storage.there(bucket)) == [f"files/{name_of(files[1].pk)}"]


def test_who_keeps_files_in_a_folder_never_loads_the_library():
    script = (
        "import django, sys; django.setup(); import portal.urls, encryption.files, backups.making; "
        "from uuid import uuid4; encryption.files.generation_of_file(uuid4()); "
        "print([name for name in sys.modules if re.match('boto|s3transfer|jmespath', name)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import re; {script}"],
        env=os.environ | {"PORTAL_VAR": str(now.VAR), "PYTEST": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.search(r"^\[\]$", done.stdout, re.MULTILINE), done.stdout + done.stderr
