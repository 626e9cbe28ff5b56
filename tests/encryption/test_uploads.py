"""Uploads: in memory, bounded, and of the kind that their content proves."""

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from encryption.conversions import INSTEAD
from encryption.office_files import LARGEST_DIRECTORY, size_of_directory
from encryption.uploads import KINDS, HeldUpload, attachment_problem, sniffed_kind

HANDLER = "encryption.uploads.BoundedMemoryUploadHandler"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(20)
TEXT = "Plain words, Zoë.\r\nAnd\ta second line.".encode()
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def package(folder: str, main_type: str, **more: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", f'<Types><Override ContentType="{main_type}"/></Types>'
        )
        archive.writestr(f"{folder}/document.xml", "<x/>")
        for name, content in more.items():
            archive.writestr(name, content)
    return made.getvalue()


DOCX = package("word", WORD)
XLSX = package("xl", SHEET)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [("a.pdf", PDF, "pdf"), ("A.PDF", PDF, "pdf"), ("a.png", PNG, "png"), ("a.jpg", JPEG, "jpeg"),
     ("a.jpeg", JPEG, "jpeg"), ("a.docx", DOCX, "docx"), ("a.xlsx", XLSX, "xlsx"),
     ("a.txt", TEXT, "text"), ("a.txt", b"\xef\xbb\xbfwith a mark", "text"),
     ("a.txt", b"BMI was 17, weight 20 kg", "text"), ("a.b.txt", TEXT, "text")],
)  # fmt: skip
def test_allowed_kinds(name: str, content: bytes, kind: str) -> None:
    assert sniffed_kind(name, content) == kind
    assert KINDS[kind].media_type
    upload = SimpleUploadedFile(name, content)
    upload.read()
    assert attachment_problem(upload) is None
    assert upload.read() == content


DISGUISED = [
    ("a.pdf", PNG), ("a.png", PDF), ("a.txt", PDF), ("a.pdf", TEXT), ("a.jpg", PNG),
    ("a.pdf", b"MZ\x90\0" + bytes(60)), ("a.png", b"<svg onload=alert(1)>"), ("a.docx", XLSX),
    ("a.xlsx", DOCX), ("a.docx", PDF), ("a.docx", package("other", WORD)),
    ("a.docx", package("word", "application/xml")), ("a.docx", b"x" + DOCX), ("a.docx", DOCX[:60]),
    ("a.docx", package("word", WORD, **{"word/vbaProject.bin": b"macro"})),
    ("a.docx", package("word", WORD.replace("document.main", "document.macroEnabled.main"))),
    ("a.txt", b"nul \0"), ("a.txt", b"escape \x1b[31m"), ("a.txt", "c1 \x9b".encode()),
    ("a.txt", b"latin \xe9"), ("a.txt", "wide".encode("utf-16")), ("a.txt", DOCX), ("a.txt", JPEG),
    ("a.txt", b"{\\rtf1 x}"), ("a.txt", b"%!PS"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content"), DISGUISED, ids=range(len(DISGUISED)))
def test_disguised_kinds(name: str, content: bytes) -> None:
    assert sniffed_kind(name, content) is None
    problem = attachment_problem(SimpleUploadedFile(name, content))
    assert problem is not None
    assert "not what its name says" in problem


@pytest.mark.parametrize(
    "name",
    ["a.exe", "a.html", "a.svg", "a.zip", "a.doc", "a", ".pdf", "pdf", "a.pdf.exe", "a.docm"],
)
def test_forbidden_kinds(name: str) -> None:
    for content in (PDF, DOCX, TEXT):
        assert sniffed_kind(name, content) is None
        problem = attachment_problem(SimpleUploadedFile(name, content))
        assert problem is not None
        assert "PDF, DOCX, XLSX, JPG, PNG, TXT" in problem


def test_an_empty_file_is_said() -> None:
    assert attachment_problem(SimpleUploadedFile("a.txt", b"")) == "The selected file is empty"
    assert sniffed_kind("a.txt", b"") is None


@given(st.sampled_from([DOCX, XLSX]), st.data())
def test_a_broken_package_is_an_answer_not_a_fault(content: bytes, data: st.DataObject) -> None:
    broken = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    assert sniffed_kind("a.docx", bytes(broken)) in {None, "docx"}


def posted(settings: Any, *files: bytes, largest: int = 100_000, together: int = 250_000) -> Any:
    """A request that has been read, with these files and one field."""
    settings.FILE_UPLOAD_HANDLERS = [HANDLER]
    settings.ATTACHMENT_MAX_BYTES = largest
    settings.ATTACHMENT_REQUEST_MAX_BYTES = together
    fields: dict[str, Any] = {
        f"file{number}": SimpleUploadedFile(f"{number}.txt", content)
        for number, content in enumerate(files)
    }
    request = RequestFactory().post("/", {"reason": "kept", **fields})
    assert request.POST["reason"] == "kept"
    return request


def test_a_file_is_held_in_memory_whole(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a temporary file was opened")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
    content = b"x" * 5_000_000
    request = posted(settings, content, b"", largest=6_000_000, together=6_000_000)
    upload = request.FILES["file0"]
    assert isinstance(upload, HeldUpload)
    assert (upload.read(), upload.size, upload.name, upload.too_large) == (
        content, 5_000_000, "0.txt", False,
    )  # fmt: skip
    assert not hasattr(upload, "temporary_file_path")
    assert request.FILES["file1"].size == 0


def test_a_file_that_is_too_large_is_not_kept_and_the_form_survives(settings: Any) -> None:
    request = posted(settings, b"x" * 100_001, b"y" * 100_000, b"z" * 100_000)
    large, fits, last = (request.FILES[f"file{number}"] for number in range(3))
    assert (large.too_large, large.size, large.read()) == (True, 100_001, b"")
    assert (fits.too_large, fits.read()) == (False, b"y" * 100_000)
    assert last.read() == b"z" * 100_000  # the large one takes no room from the others
    assert attachment_problem(fits) is None
    settings.ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024
    huge = posted(settings, b"x" * (1024 * 1024 + 1), largest=1024 * 1024).FILES["file0"]
    assert attachment_problem(huge) == "The selected file must be smaller than 1 MB"


def test_all_files_of_a_request_together_are_bounded(settings: Any) -> None:
    request = posted(settings, *[b"x" * 90_000] * 4)
    assert [request.FILES[f"file{number}"].too_large for number in range(4)] == [
        False, False, True, True,
    ]  # fmt: skip
    settings.ATTACHMENT_REQUEST_MAX_BYTES = 2 * 1024 * 1024
    assert "2 MB together" in str(attachment_problem(request.FILES["file3"]))


def test_the_handler_is_in_use() -> None:
    from django.conf import settings

    assert settings.FILE_UPLOAD_HANDLERS == [HANDLER]
    assert Path(settings.FILES_DIR).is_absolute()


HERE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PLACE = "word/_rels/settings.xml.rels"


def relations(*each: str) -> bytes:
    return f"<?xml version='1.0'?><Relationships>{''.join(each)}</Relationships>".encode()


def relation(kind: str, target: str, mode: str = 'TargetMode="External"') -> str:
    return f'<Relationship Id="r1" Type="{HERE}/{kind}" Target="{target}" {mode}/>'


LEADS_OUT = [
    relations(relation("attachedTemplate", "https://elsewhere.example/x.dotm")),
    relations(relation("oleObject", "file:///x")),
    relations(relation("image", "https://elsewhere.example/seen.png")),
    relations(relation("frame", "https://elsewhere.example/")),
    relations(relation("attachedTemplate", "x", "targetmode = 'EXTERNAL'")),
    relations(relation("attachedTemplate", "x", 'TargetMode="E&#120;ternal"')),
    relations(relation("attachedTemplate", "x")).decode().encode("utf-16"),
    relations("<!-- -->", relation("hyperlink", "x")),
    b"<!DOCTYPE x>" + relations(),
    relations() + b" " * 2 * 1024 * 1024,
]


@pytest.mark.parametrize("text", LEADS_OUT, ids=range(len(LEADS_OUT)))
def test_a_document_that_fetches_something_when_it_is_opened_is_refused(text: bytes) -> None:
    assert sniffed_kind("a.docx", package("word", WORD, **{PLACE: text})) is None


@pytest.mark.parametrize(
    "name",
    [
        "word/embeddings/oleObject1.bin",
        "word/vbaProject.bin",
        "word/activeX/activeX1.xml",
        "word/customUI/x.xml",
        "customUI/customUI.xml",
        "xl/macrosheets/sheet1.xml",
        "xl/externalLinks/externalLink1.xml",
    ],
)
def test_a_document_with_a_part_that_runs_is_refused(name: str) -> None:
    folder, kind, suffix = ("word", WORD, "docx") if name[0] != "x" else ("xl", SHEET, "xlsx")
    assert sniffed_kind(f"a.{suffix}", package(folder, kind, **{name: b"x"})) is None


def test_a_link_to_click_and_parts_that_say_something_are_taken() -> None:
    more = {
        PLACE: relations(
            relation("hyperlink", "https://elsewhere.example/"), relation("a", "b", "")
        ),
        "word/media/image1.png": PNG,
        "word/theme/theme1.xml": b"<x/>",
    }
    assert sniffed_kind("a.docx", package("word", WORD, **more)) == "docx"
    printed = {"xl/printerSettings/printerSettings1.bin": b"x"}
    assert sniffed_kind("a.xlsx", package("xl", SHEET, **printed)) == "xlsx"


def test_a_directory_that_is_too_long_is_never_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    many = package("word", WORD, **{f"word/{'long' * 20}{number}": b"" for number in range(9_000)})
    assert size_of_directory(many) > LARGEST_DIRECTORY
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_args: pytest.fail("the parts were listed"))
    assert sniffed_kind("a.docx", many) is None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Notes.DOC", "save it as DOCX or PDF"),
        ("old.xls", "save it as XLSX or PDF"),
        ("mail.msg", "print it to a PDF file"),
        ("mail.eml", "Save what was attached to it"),
        ("IMG_0001.HEIC", "save it as JPG"),
        ("scan.tiff", "save it as JPG or PNG"),
        ("all.zip", "attach each file"),
        ("voice.m4a", "Recordings are not taken"),
    ],
)
def test_a_kind_that_is_not_taken_says_what_to_do_instead(name, says):
    said = attachment_problem(SimpleUploadedFile(name, b"anything"))
    assert "must be one of these kinds: PDF, DOCX, XLSX, JPG, PNG, TXT. " in said
    assert says in said


def test_what_to_do_instead_never_stands_beside_a_kind_that_is_taken():
    taken = {suffix for kind in KINDS.values() for suffix in kind.suffixes}
    assert not taken & INSTEAD.keys()
