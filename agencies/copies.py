"""Files of the register on their way in and out: read within bounds, and written harmless.

A cell that begins like a formula is run by the programs that open such files. What goes out gets
an apostrophe in front; what comes in loses it again, so that a copy comes back unchanged.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from typing import Any
from zlib import error as ZlibError  # noqa: N812 (an exception named like a function)

import openpyxl
from django.utils.translation import gettext as _

MOST_ROWS = 1_000
MOST_COLUMNS = 60
MOST_BYTES = 4 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 200
LONGEST_CELL = 4_000
LOOKED_AT = 50  # rows of each further sheet
# The last four are their wide forms, which some programs read alike.
RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MIXED = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)  # no such file needs one
ZIP = b"PK\x03\x04"
Rows = Iterator[list[str]]


class Unreadable(ValueError):
    """The file as a whole cannot be taken; the text says why, and is for the person."""


def harmless(text: str) -> str:
    """The text as it goes out."""
    is_told_apart = text[:1] == "'" and text[1:2] in ("'", *RUN_AS_FORMULA) and len(text) > 1
    return f"'{text}" if text.startswith(RUN_AS_FORMULA) or is_told_apart else text


def as_it_was(text: str) -> str:
    """The text as it was before it went out."""
    marked = len(text) > 1 and text[0] == "'" and text[1] in ("'", *RUN_AS_FORMULA)
    return text[1:] if marked else text


def read_table(content: bytes) -> tuple[list[str], list[list[str]]]:
    """The headings and the rows of a CSV or XLSX file, whichever it is. Raises Unreadable."""
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise Unreadable(too_large())
    rows = _sheet(content) if content.startswith(ZIP) else _text(content)
    found: list[list[str]] = []
    for number, row in enumerate(rows, 1):
        if len(row) > MOST_COLUMNS:
            raise Unreadable(_("The file has more columns than the register."))
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise Unreadable(_("A cell of row %(row)s is too long.") % {"row": len(found) + 1})
        if any(cell.strip() for cell in row) or found:
            found.append(row)
        # Empty lines above the headings count too: nothing below is left out unsaid.
        if number > MOST_ROWS + 1:
            raise Unreadable(
                _(
                    "The file has more than %(most)s rows. Split it, and import one part after "
                    "the other. Nothing of it was imported."
                )
                % {"most": f"{MOST_ROWS:,}"}
            )
    while found and not any(cell.strip() for cell in found[-1]):
        found.pop()
    if not found:
        raise Unreadable(_("The file is empty."))
    return [cell.strip().lower() for cell in found[0]], found[1:]


def too_large() -> str:
    """What is said of a file that is too large."""
    return _("The file must be smaller than %(most)s MB.") % {"most": MOST_BYTES // 1024 // 1024}


def _text(content: bytes) -> Rows:
    text = _decoded(content)
    if "\x00" in text:
        raise Unreadable(_("This is neither a CSV nor an XLSX file."))
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    # Line breaks within a cell are kept; a quote that never ends would swallow the rest.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        yield from reader
    except csv.Error:
        line = reader.line_num
        raise Unreadable(_("Line %(line)s is no line of a CSV file.") % {"line": line}) from None


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, or what Windows writes; never a guess between the two."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace").replace("\ufffd", "\x00")
    if MIXED.search(content):
        raise Unreadable(_("The file mixes two character sets. Save it again as CSV UTF-8."))
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise Unreadable(_("The file is in a character set that is not known here.")) from None


def _sheet(content: bytes) -> Rows:
    """The sheet, row by row; formulas come as they were typed, never as their results."""
    _refuse_a_bomb(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = _only_sheet(book)
        for row in sheet.iter_rows(max_row=MOST_ROWS + 3, max_col=MOST_COLUMNS + 1):
            cells = [_cell(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            yield cells
    except Unreadable:
        raise
    except Exception as fault:
        raise Unreadable(_("The XLSX file cannot be read.")) from fault


def _only_sheet(book: Any) -> Any:
    """The first sheet; what stands on another is refused in words, not left out unsaid."""
    for sheet in book.worksheets:
        sheet.reset_dimensions()
    for sheet in book.worksheets[1:]:
        rows = sheet.iter_rows(max_row=LOOKED_AT, max_col=MOST_COLUMNS)
        if any(_cell(cell).strip() for row in rows for cell in row):
            raise Unreadable(_("More than one sheet of the file holds text. Save one by itself."))
    return book.worksheets[0]


def _refuse_a_bomb(content: bytes) -> None:
    """Look at the list of parts before anything is unpacked; its sizes bound what is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            size = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or size > MOST_UNPACKED:
                raise Unreadable(_("The XLSX file unpacks to more than can be read here."))
            for part in parts:
                with package.open(part) as opened:
                    if DECLARES.search(opened.read(2000)):
                        raise Unreadable(_("The XLSX file cannot be read."))
    except (zipfile.BadZipFile, ZlibError, EOFError, RuntimeError, OSError, NotImplementedError):
        raise Unreadable(_("The XLSX file cannot be read.")) from None


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return str(value) if str(value).startswith("=") else f"={value}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def written(kind: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file of this kind, every cell of it a harmless text."""
    table = [list(headings), *([harmless(cell) for cell in row] for row in rows)]
    if kind == "csv":
        text = io.StringIO()
        # Quoted all: some programs break a line at every semicolon and tab too, into new cells.
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows(table)
        return text.getvalue().encode("utf-8-sig")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Register")
    for row in table:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
