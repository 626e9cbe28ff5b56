"""XLSX files of the register on their way in: looked at from outside, then read by a child (M6).

A file of 10 KB could have 0.8 million formats, and take minutes and half a gigabyte.
"""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final
from zlib import error as ZlibError  # noqa: N812 (an exception named like a function)

from encryption.office_files import size_of_directory

MOST_UNPACKED: Final = 40 * 1024 * 1024
MOST_PARTS: Final = 200
MOST_ENTRIES_LISTED: Final = 64 * 1024  # bytes of the list of parts: 200,000 of them take seconds
LARGEST_STYLES: Final = 1024 * 1024
PIECE: Final = 256 * 1024
# No such file needs one, and it stands before anything else of its part, however much white space.
DECLARES: Final = (b"<!doctype", b"<!entity")
WAIT: Final = 120  # seconds by the clock; what ends a child is the time that it works
CHILD: Final = Path(__file__).with_name("xlsx_child.py")
LIMITS: Final = {"memory": 512 * 1024 * 1024, "seconds": 10, "looked_at": 50}


class SheetFault(Exception):
    """The file cannot be read: ``unreadable``, ``too much`` or ``sheets``."""


def rows_of(content: bytes, *, rows: int, columns: int, cell: int) -> list[list[str]]:
    """The rows of the only sheet with text, as texts; one column and letter more than is asked.

    Raises SheetFault.
    """
    _look_at_its_parts(content)
    told = {**LIMITS, "rows": rows, "columns": columns, "cell": cell, "size": MOST_UNPACKED}
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", str(CHILD), json.dumps(told)],
            input=content,
            capture_output=True,
            timeout=WAIT,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SheetFault("too much") from None
    if done.returncode:
        # Ended by its limits, or by a fault of the library below Python.
        raise SheetFault("too much")
    said = json.loads(done.stdout)
    if "rows" not in said:
        raise SheetFault(said["fault"])
    found: list[list[str]] = said["rows"]
    return found


def _look_at_its_parts(content: bytes) -> None:
    """Before anything is unpacked, its list of parts; then each part, for what it may not hold."""
    try:
        if size_of_directory(content) > MOST_ENTRIES_LISTED:
            raise SheetFault("too much")
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            size = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or size > MOST_UNPACKED:
                raise SheetFault("too much")
            for part in parts:
                if "styles" in part.filename.lower() and part.file_size > LARGEST_STYLES:
                    raise SheetFault("too much")
                _refuse_declarations(package, part)
    # What the library raises for a package that is broken, cut off, encrypted, or packed oddly.
    except (zipfile.BadZipFile, ZlibError, EOFError, RuntimeError, OSError, NotImplementedError):
        raise SheetFault("unreadable") from None


def _refuse_declarations(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    kept = b""
    with package.open(part) as opened:
        while piece := opened.read(PIECE):
            looked_at = (kept + piece).replace(b"\x00", b"").lower()  # in UTF-16 too
            if any(word in looked_at for word in DECLARES):
                raise SheetFault("unreadable")
            kept = piece[-32:]
