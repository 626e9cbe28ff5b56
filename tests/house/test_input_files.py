"""Files that nobody should attach, and names that nobody should give them."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from requests_app.models import Attachment
from tests.house.test_input import MIB, all_or_nothing, there
from tests.house.world import World, undone

pytestmark = pytest.mark.django_db

FILES = {
    "empty": ("note.txt", b"", "empty"),
    "forbidden": ("run.exe", b"MZ" + b"\x00" * 100, "must be one of these kinds"),
    "mark-up": ("page.html", b"<html></html>", "must be one of these kinds"),
    "no kind at all": ("note", b"plain", "must be one of these kinds"),
    "disguised": ("scan.pdf", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "not what its name says"),
    "text that is none": ("note.txt", b"\x00\x01\x02", "not what its name says"),
    "a broken archive": ("letter.docx", b"PK\x03\x04" + b"\x00" * 50, "not what its name says"),
}


def attach(world: World, upload: Any) -> Any:
    address = there(world, "requests:files")
    return world.client("requester").post(address, {"uploads": upload})


@pytest.mark.parametrize("what", FILES)
@pytest.mark.clause("P-SECURE", part=True)
def test_a_file_that_may_not_be_attached_is_refused_in_words(world: World, what: str):
    name, content, words = FILES[what]
    with undone(), all_or_nothing(what) as answers:
        answers.append(attach(world, SimpleUploadedFile(name, content)))
    assert answers[0].status_code == 422
    assert words in answers[0].content.decode()


def test_a_file_that_is_too_large_is_refused_in_words(world: World, settings: Any):
    settings.ATTACHMENT_MAX_BYTES = MIB
    with undone(), all_or_nothing("too large") as answers:
        answers.append(attach(world, SimpleUploadedFile("note.txt", b"x" * (MIB + 1))))
    assert answers[0].status_code == 422
    assert "must be smaller than 1 MB" in answers[0].content.decode()


NAMES = (
    "../../etc/passwd.txt",
    "C:\\files\\note.txt",
    "a\u202etxt.exe.txt",
    'quo"te.txt',
    "semi;colon=1.txt",
    "line\r\nX-Evil: 1.txt",
    "<script>alert(1)</script>.txt",
    "\u00fcml\u00e4ut.txt",
    "." * 300 + ".txt",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.clause("P-SECURE", part=True)
def test_the_name_of_a_file_does_no_harm(world: World, name: str):
    case = world.row("case.draft")
    known = set(case.attachments.values_list("pk", flat=True))
    with undone(), all_or_nothing(name) as answers:
        upload = BytesIO(b"plain words")
        upload.name = name
        answers.append(attach(world, upload))
        if answers[0].status_code == 302:
            (new,) = Attachment.objects.filter(case=case).exclude(pk__in=known)
            client = world.client("requester")
            page = client.get(there(world, "requests:files")).content.decode()
            got = client.get(reverse("requests:file", args=[case.pk, new.pk]))
            assert b"".join(got.streaming_content) == b"plain words"
            header = got.headers["Content-Disposition"]
            assert header.startswith("attachment; filename")
            assert not re.search(r"[\r\n/\\\u202a-\u202e\u2066-\u2069]", header)
            assert "X-Evil" not in got.headers
            assert "<script>alert" not in page
            assert "\u202e" not in page
