"""Files that nobody should attach, and names that nobody should give them."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm
from django.urls import resolve, reverse

from requests_app.models import Attachment
from tests.cast import PEOPLE
from tests.house.test_input import MIB, all_or_nothing, there
from tests.house.test_ways_in import APPS
from tests.house.urls import TABLE
from tests.house.world import World, undone
from workflow.files import FilesField

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


def test_a_page_that_asks_for_files_is_marked_by_its_form_and_no_other_is(world: World):
    """Without the mark they would be looked through within the transaction (ADR 98)."""
    marked, asking = {}, set()
    for name, row in TABLE.items():
        address = reverse(name, args=world.args(row.where))
        if form := getattr(resolve(address).func, "takes_files", None):
            marked[name] = form
        if row.get == 200 and row.post != 405 and row.who:
            with undone():
                page = world.client(min(row.who & set(PEOPLE))).get(address)
            if 'type="file"' in page.content.decode():
                asking.add(name)
    assert set(marked) == asking
    assert {"requests:files", "agencies:register_files"} <= asking
    assert set(marked.values()) == forms_with_files(BaseForm)


def forms_with_files(of: type) -> set[type]:
    """Those of the portal, wherever they stand."""
    found = {form for each in of.__subclasses__() for form in forms_with_files(each)}
    is_ours = of.__module__.split(".")[0] in APPS
    fields = getattr(of, "base_fields", {}).values()
    has_files = is_ours and any(isinstance(each, FilesField) for each in fields)
    return found | ({of} if has_files else set())
