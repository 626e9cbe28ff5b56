"""Files on their way in: in memory only, bounded, and of a kind that is proved by their content.

Django's own handlers write larger files to the temporary directory in clear; this one never does.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Any, Final

import filetype
from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

from encryption.conversions import what_to_do_instead
from encryption.office_files import MEBIBYTE, OFFICE, is_plain_office

PRINTABLE_CONTROLS: Final = frozenset("\t\n\r\f")
FIRST_PRINTABLE: Final = " "
DELETE_TO_APC: Final = ("\x7f", "\x9f")
# What other programs open as a document although it is text.
TEXT_THAT_IS_MORE: Final = (b"%PDF", b"%!PS", b"{\\rtf")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that may be attached."""

    code: str
    name: str
    media_type: str
    suffixes: tuple[str, ...]


KINDS: Final = {
    kind.code: kind
    for kind in (
        Kind("pdf", "PDF", "application/pdf", (".pdf",)),
        Kind(
            "docx",
            "DOCX",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            (".docx",),
        ),
        Kind(
            "xlsx",
            "XLSX",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            (".xlsx",),
        ),
        Kind("jpeg", "JPG", "image/jpeg", (".jpg", ".jpeg")),
        Kind("png", "PNG", "image/png", (".png",)),
        Kind("text", "TXT", "text/plain; charset=utf-8", (".txt",)),
    )
}


def largest_file() -> int:
    """The most bytes that one attachment may have."""
    return int(getattr(settings, "ATTACHMENT_MAX_BYTES", 10 * MEBIBYTE))


def largest_request() -> int:
    """The most bytes that all attachments of one request may have together."""
    return int(getattr(settings, "ATTACHMENT_REQUEST_MAX_BYTES", 20 * MEBIBYTE))


class HeldUpload(InMemoryUploadedFile):
    """An uploaded file held in memory; one that is too large has its size and no content."""

    too_large = False


class BoundedMemoryUploadHandler(FileUploadHandler):
    """Keeps files in memory up to the limits; the rest of a larger one is read and thrown away.

    It is read to its end so that the browser gets an answer and the rest of the form survives.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.left = largest_request()
        self.kept: BytesIO | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep this chunk, or let go of the whole file. Gives it to no other handler."""
        if self.kept is None:
            return
        held = self.kept.tell()
        if held + len(raw_data) > largest_file() or len(raw_data) > self.left:
            self.left += held
            self.kept = None
            return
        self.left -= len(raw_data)
        self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> HeldUpload:
        kept = self.kept or BytesIO()
        kept.seek(0)
        upload = HeldUpload(
            kept,
            self.field_name,
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )
        upload.too_large = self.kept is None
        self.kept = None
        return upload


def sniffed_kind(name: str, content: bytes) -> str | None:
    """The code of the kind that name and content agree on, or None if it may not be attached."""
    suffix = PurePath(name).suffix.lower()
    claimed = next((kind.code for kind in KINDS.values() if suffix in kind.suffixes), None)
    if claimed is None or not content:
        return None
    if claimed == "text":
        return claimed if _is_plain_text(content) else None
    if claimed in OFFICE:
        return claimed if is_plain_office(content, claimed) else None
    found = filetype.guess(content)
    return (
        claimed if found is not None and f".{found.extension}" in KINDS[claimed].suffixes else None
    )


def _is_plain_text(content: bytes) -> bool:
    if content.startswith(TEXT_THAT_IS_MORE):
        return False
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    low, high = DELETE_TO_APC
    return not any(
        (each < FIRST_PRINTABLE and each not in PRINTABLE_CONTROLS) or low <= each <= high
        for each in set(text)
    )


def attachment_problem(uploaded: "UploadedFile[Any]") -> str | None:
    """Say in plain words why this file cannot be attached, if it cannot. Leaves it rewound."""
    size = uploaded.size or 0
    if getattr(uploaded, "too_large", False) and size <= largest_file():
        return _("The selected files must be smaller than %(size)s MB together") % {
            "size": largest_request() // MEBIBYTE
        }
    if size > largest_file():
        return _("The selected file must be smaller than %(size)s MB") % {
            "size": largest_file() // MEBIBYTE
        }
    if not size:
        return _("The selected file is empty")
    uploaded.seek(0)
    kind = sniffed_kind(uploaded.name or "", uploaded.read())
    uploaded.seek(0)
    if kind is not None:
        return None
    names = ", ".join(each.name for each in KINDS.values())
    suffix = PurePath(uploaded.name or "").suffix.lower()
    if any(suffix in each.suffixes for each in KINDS.values()):
        return _(
            "The content of the selected file is not what its name says. "
            "Open it, save it again as one of these kinds, and attach that: %(kinds)s"
        ) % {"kinds": names}
    said = _("The selected file must be one of these kinds: %(kinds)s") % {"kinds": names}
    instead = what_to_do_instead(uploaded.name or "")
    return f"{said}. {instead}" if instead else said
