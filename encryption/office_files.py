"""Whether a file is a plain DOCX or XLSX: one without parts that run, or that lead elsewhere.

Only the package's directory, its list of types and its lists of relations are read, each within
bounds: a directory of 200,000 entries would take seconds to list.
"""

import re
import zipfile
from html.parser import HTMLParser
from io import BytesIO
from typing import Final
from zlib import error as ZlibError  # noqa: N812 (an exception named like a function)

MEBIBYTE: Final = 1024 * 1024
MOST_ENTRIES: Final = 10_000
LARGEST_DIRECTORY: Final = MEBIBYTE
TYPES_PART: Final = "[Content_Types].xml"
OFFICE: Final = {
    "docx": ("word/", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/", b"spreadsheetml.sheet.main+xml"),
}
LIST_OF_RELATIONS: Final = ".rels"
MOST_LISTS: Final = 500
PACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Macros, objects of other programs, controls, sheets of commands, links to other workbooks.
RUNS: Final = re.compile(
    r"vbaproject|/embeddings/|/activex/|/ctrlprops/|/macrosheets/|/dialogsheets/|/externallinks/"
    r"|/customui/|^customui/",
    re.IGNORECASE,
)


def is_plain_office(content: bytes, claimed: str) -> bool:
    """Whether the content is a document of this kind (``docx``, ``xlsx``) that only says something.

    A link that somebody would have to click may lead elsewhere; a template, picture or object that
    is fetched when the document is opened may not.
    """
    folder, main_type = OFFICE[claimed]
    if not content.startswith(b"PK\x03\x04") or size_of_directory(content) > LARGEST_DIRECTORY:
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = [entry.filename for entry in package.infolist()]
            if len(names) > MOST_ENTRIES or names.count(TYPES_PART) != 1:
                return False
            if not any(name.startswith(folder) for name in names) or any(map(RUNS.search, names)):
                return False
            types = _read(package, TYPES_PART)
            lists = [name for name in names if name.lower().endswith(LIST_OF_RELATIONS)]
            if types is None or main_type not in types or len(lists) > MOST_LISTS:
                return False
            return all(_stays_inside(_read(package, name)) for name in lists)
    except (zipfile.BadZipFile, ZlibError, EOFError, RuntimeError, OSError, ValueError):
        return False


def size_of_directory(content: bytes) -> int:
    """How many bytes a package says that its list of parts has, from its last record."""
    at = content.rfind(b"PK\x05\x06")
    return int.from_bytes(content[at + 12 : at + 16], "little") if at >= 0 else 0


def _read(package: zipfile.ZipFile, name: str) -> bytes | None:
    """A part of up to a mebibyte; None for one that is longer, or packed in an odd way."""
    if package.getinfo(name).compress_type not in PACKED:
        return None
    with package.open(name) as part:
        text = part.read(MEBIBYTE + 1)
    return text if len(text) <= MEBIBYTE else None


def _stays_inside(text: bytes | None) -> bool:
    """Whether nothing in a list of relations is fetched from elsewhere."""
    if text is None:
        return False
    wide = text.startswith((b"\xff\xfe", b"\xfe\xff"))
    said = text.decode("utf-16" if wide else "utf-8-sig")
    # No program writes a comment, a section or a declaration here; two readers may differ on them.
    if "<!" in said:
        return False
    relations = _Relations()
    relations.feed(said)
    relations.close()
    return not relations.leads_out


class _Relations(HTMLParser):
    """Reads a list of relations, with names in any case and values in any writing."""

    leads_out = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One relation, or the list."""
        told = {name: (value or "").strip().lower() for name, value in attrs}
        is_a_link = told.get("type", "").endswith("/hyperlink")
        if told.get("targetmode") == "external" and not is_a_link:
            self.leads_out = True
