"""Lines of the register of disposals: each bears a mark that only the portal can make.

``replay`` destroys what the register names, so whoever could write to the file could have any
record destroyed (docs/adr/0097). A mark is under a key derived from the token key, which no
rotation changes, and covers the line and all that stands above it.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from encryption.errors import RegisterFault
from encryption.provider import derived, key_provider
from encryption.seal import length_prefixed

MARKS: Final = b"portal register of disposals 1"
PUT_BACK: Final = "Put the register back from where it is kept twice."


@dataclass(frozen=True)
class Entry:
    """One line: the case, when its disposal was entered (ISO, UTC), and the list it stood on."""

    case: str
    at: str
    list: str

    @property
    def case_id(self) -> UUID:
        """The case, as its key is filed."""
        return UUID(self.case)


@dataclass(frozen=True)
class Lines:
    """What a register says; ``unmarked`` is how many of its lines no mark covers."""

    entries: list[Entry]
    unmarked: int


def marked(entry: Entry, content: bytes) -> bytes:
    """The line for an entry, below a register with this content."""
    said = asdict(entry)
    mark = _mark(_key(), hashlib.sha256(content).digest(), said)
    return json.dumps(said | {"mark": mark}, sort_keys=True).encode() + b"\n"


def parsed(content: bytes, path: Path) -> Lines:
    """Every line, from the first. Raises RegisterFault, which says what to do.

    Lines from before there were marks bear none; the first mark below covers them.
    """
    entries, covered, key = list[Entry](), 0, _key()
    for number, (line, above) in enumerate(_lines(content, path), start=1):
        try:
            said: dict[str, Any] = json.loads(line)
            entry = Entry(said["case"], said["at"], said["list"])
            UUID(entry.case)
            mark = said.get("mark")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise RegisterFault(
                f"Line {number} of the register of disposals {path} is damaged. {PUT_BACK}"
            ) from None
        if mark is None and covered:
            raise RegisterFault(
                f"Line {number} of the register of disposals {path} bears no mark: the portal did "
                f"not write it. Find out who did. {PUT_BACK}"
            )
        if mark is not None:
            ours = _mark(key, above, asdict(entry))
            if not hmac.compare_digest(str(mark).encode(), ours.encode()):
                raise RegisterFault(
                    f"Line {number} of the register of disposals {path}, or one above it, is not "
                    "as the portal wrote it, or the register is of another key ring. Find out who "
                    f"changed it. {PUT_BACK}"
                )
            covered = number
        entries.append(entry)
    return Lines(entries, 0 if covered else len(entries))


def _lines(content: bytes, path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Each line, and the SHA-256 of all that stands above it."""
    *lines, cut_off = content.split(b"\n")
    if cut_off:
        raise RegisterFault(
            f"The last line of the register of disposals {path} was cut off. Complete it from "
            "where the register is kept twice, or take the half line away and run "
            "`manage.py disposals carry-out` again."
        )
    above = hashlib.sha256()
    for line in lines:
        yield line, above.digest()
        above.update(line + b"\n")


def _key() -> bytes:
    return derived(key_provider().token_key(), MARKS)


def _mark(key: bytes, above: bytes, said: dict[str, str]) -> str:
    """``above`` is the SHA-256 of the register down to the line."""
    bound = length_prefixed(above, json.dumps(said, sort_keys=True).encode())
    return hmac.new(key, bound, hashlib.sha256).hexdigest()
