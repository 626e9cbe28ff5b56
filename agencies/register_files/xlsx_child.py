"""Reads an XLSX file in a process of its own, with little memory and time.

It takes the file from its input and prints JSON: the rows, or what is wrong. It imports nothing of
the portal, opens no file to write, and ends by itself where the file would take too much.
"""

import io
import json
import resource
import sys
from datetime import date, time
from typing import Any


def confined(memory: int, seconds: int) -> None:
    """Take away what the file might ask for: memory, time, places to write to."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def rows_of(content: bytes, limits: dict[str, int]) -> dict[str, Any]:
    """The rows of the first sheet as texts; formulas as they were typed, never as their results."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
    for sheet in book.worksheets[1:]:
        looked_at = sheet.iter_rows(max_row=limits["looked_at"], max_col=limits["columns"])
        if any(text_of(cell).strip() for row in looked_at for cell in row):
            return {"fault": "sheets"}
    rows, size = [], 0
    for row in book.worksheets[0].iter_rows(max_row=limits["rows"], max_col=limits["columns"] + 1):
        cells = [text_of(cell)[: limits["cell"] + 1] for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        size += sum(map(len, cells))
        if size > limits["size"]:
            return {"fault": "too much"}
        rows.append(cells)
    return {"rows": rows}


def text_of(cell: Any) -> str:
    """What a cell says."""
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


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    confined(told["memory"], told["seconds"])
    try:
        found = rows_of(sys.stdin.buffer.read(), told)
    except MemoryError:
        found = {"fault": "too much"}
    except Exception:  # noqa: BLE001 - whatever a made-up file has the library throw
        found = {"fault": "unreadable"}
    sys.stdout.write(json.dumps(found))
