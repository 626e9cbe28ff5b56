"""Tables of text as files for a spreadsheet, made in memory; whoever calls makes cells harmless."""

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

WIDE: Final = 28
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Table = Sequence[Sequence[str]]


def spreadsheet(kind: str, title: str, table: Table) -> bytes:
    """A file of this kind (``csv`` or ``xlsx``); ``title`` names the sheet of the latter."""
    return _csv(table) if kind == "csv" else _xlsx(title, table)


def _csv(table: Table) -> bytes:
    text = io.StringIO()
    # Quoted all: some programs break a line at every semicolon and tab too, into new cells.
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(table)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(title: str, table: Table) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for line in table:
        sheet.append(line)
    for column in sheet.columns:
        sheet.column_dimensions[column[0].column_letter].width = WIDE
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        _InMemory(book, package).save()
    return out.getvalue()


class _InMemory(ExcelWriter):  # type: ignore[misc]  # the package has no types
    """Writes sheets in memory: the library's own way leaves them in clear in a temporary file."""

    def write_worksheet(self, ws: object) -> None:
        """One sheet, as the library does it, but for where."""
        sheet: Workbook = ws
        sheet._drawing = SpreadsheetDrawing()
        writer = WorksheetWriter(sheet, out=io.BytesIO())
        writer.write()
        sheet._rels = writer._rels
        self._archive.writestr(sheet.path[1:], writer.out.getvalue())
        self.manifest.append(sheet)
