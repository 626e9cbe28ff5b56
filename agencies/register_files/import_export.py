"""Files of the register on their way in and out: read within bounds, and written harmless.

A cell that begins like a formula is run by the programs that open such files. What goes out gets
an apostrophe in front; what comes in loses it again, so that a copy comes back unchanged.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.register_files import xlsx
from workflow.spreadsheets import spreadsheet

MOST_ROWS = 1_000
MOST_COLUMNS = 60
MOST_BYTES = 4 * 1024 * 1024
LONGEST_CELL = 4_000
# The last four are their wide forms, which some programs read alike.
RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MIXED = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
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
    asked = {"rows": MOST_ROWS + 3, "columns": MOST_COLUMNS, "cell": LONGEST_CELL}
    try:
        yield from xlsx.rows_of(content, **asked)
    except xlsx.SheetFault as fault:
        raise Unreadable(SAID[str(fault)]) from None


SAID = {
    "unreadable": gettext_lazy("The XLSX file cannot be read."),
    "too much": gettext_lazy("The XLSX file unpacks to more than can be read here."),
    "sheets": gettext_lazy("More than one sheet of the file holds text. Save one by itself."),
}


def written(kind: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file of this kind, every cell of it a harmless text."""
    table = [list(headings), *([harmless(cell) for cell in row] for row in rows)]
    return spreadsheet(kind, "Register", table)
