"""The register of disposals: which case keys were destroyed, kept apart from both databases.

A backup of the keystore from before a disposal brings the key back. So each disposal is entered
here first, in a file that no restore touches, and after a restore it is done over again
(``replay``); until then no process that opens records starts (ISA-8.1).
"""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from encryption.casekeys import destroy_case_key
from encryption.errors import DisposalsNotReplayed, RegisterFault
from encryption.keystore import CaseKey, live_keys
from encryption.register_lines import Entry, Lines, marked, parsed
from encryption.router import KEYSTORE
from encryption.stores.folder import sync_directory

BATCH: Final = 500  # ids a query
UNMARKED: Final = (
    "The {count} lines of the register of disposals {path} bear no mark of the portal's, and some "
    "name cases that can be opened. It may be from before there were marks, or anybody may have "
    "written it. Hold it against the certificates of disposal; where it is right, run "
    "`manage.py disposals replay --unmarked`."
)


def register_path() -> Path | None:
    """Where the register is; None where this installation keeps none (tests of other things)."""
    path = getattr(settings, "DISPOSAL_REGISTER", None)
    return Path(path) if path else None


def enter(case_id: UUID, list_id: UUID) -> Entry:
    """Put a case on the register for good, before its key is destroyed; twice is once.

    When this returns the line is on the disk. A line whose key is still there does no harm: the
    disposal was decided, and ``replay`` carries it out.

    Raises RegisterFault where there is no register, or it is damaged or cannot be written to.
    """
    path = register_path()
    if path is None:
        raise RegisterFault("There is no register of disposals: set DISPOSAL_REGISTER to a path.")
    entry = Entry(str(case_id), datetime.now(UTC).isoformat(timespec="seconds"), str(list_id))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            content = file.read()
            known = parsed(content, path)
            for one in known.entries:
                if one.case == entry.case:
                    return one
            if known.unmarked and _come_back(known.entries):
                raise RegisterFault(UNMARKED.format(path=path, count=known.unmarked))
            _append(file.fileno(), marked(entry, content))
        sync_directory(path.parent)  # or the first line could go with the name of its file
    except OSError as fault:
        raise RegisterFault(
            f"The register of disposals {path} cannot be written to ({fault.strerror})."
        ) from None
    return entry


def _append(file: int, line: bytes) -> None:
    """The line is on the disk when this returns; where there was room for a part, none of it is."""
    before = os.fstat(file).st_size
    try:
        written = os.write(file, line)
        if written < len(line):
            os.write(file, line[written:])  # says why there was no room for this
        os.fsync(file)
    except OSError:
        os.ftruncate(file, before)
        raise


def entries(*, must_be_there: bool = False) -> list[Entry]:
    """Every disposal that was ever entered, the first one first; see ``_read``."""
    return _read(must_be_there=must_be_there).entries


def _read(*, must_be_there: bool = False) -> Lines:
    """What the register says.

    A register that is not there is an empty one, unless it ``must_be_there``: a keystore that was
    just restored may be from before the first disposal, and cannot tell. Raises RegisterFault for
    a register that is damaged, or gone though keys were destroyed.
    """
    path = register_path()
    if path is None and must_be_there:
        raise RegisterFault("DISPOSAL_REGISTER is not set. Set it to the register of disposals.")
    if path is None:
        return Lines([], 0)
    try:
        return parsed(path.read_bytes(), path)
    except FileNotFoundError:
        if must_be_there:
            raise RegisterFault(
                f"The register of disposals {path} cannot be read. Bring it from where it is kept: "
                "without it, what was disposed of would be readable again. Where nothing was ever "
                "disposed of, make an empty file there."
            ) from None
        if CaseKey.objects.using(KEYSTORE).filter(destroyed_at__isnull=False).exists():
            raise RegisterFault(
                f"The register of disposals {path} is gone, though cases were disposed of. "
                "Put it back from where it is kept twice."
            ) from None
        return Lines([], 0)
    except OSError as fault:
        raise RegisterFault(
            f"The register of disposals {path} cannot be read ({fault.strerror})."
        ) from None


class Disposed:
    """The cases that the register names; it is read again only where it was written to."""

    def __init__(self) -> None:
        self._named: set[UUID] | None = None
        self._read_at: tuple[int, int, int] | None = None

    def names(self, case_id: UUID | None) -> bool:
        """Whether it names this case. Raises RegisterFault."""
        path = register_path()
        try:
            now = path.stat() if path else None
        except OSError:
            now = None
        as_it_is = now and (now.st_ino, now.st_size, now.st_mtime_ns)
        if self._named is None or as_it_is != self._read_at:
            self._named, self._read_at = {entry.case_id for entry in entries()}, as_it_is
        return case_id in self._named


def prepare_register() -> None:
    """Make sure that a disposal could be entered, and make the register where it is the first.

    Only where the databases are not marked as restored: then a register that is not there is one
    that is missing. Raises RegisterFault.
    """
    path = register_path()
    if path is None:
        raise RegisterFault("There is no register of disposals: set DISPOSAL_REGISTER to a path.")
    entries()  # says so where it is gone though keys were destroyed
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600))
        sync_directory(path.parent)
    except OSError as fault:
        raise RegisterFault(
            f"The register of disposals {path} cannot be written to ({fault.strerror}). "
            f"Let user id {os.geteuid()} write to {path.parent}, and run this again."
        ) from None


def lacking() -> int:
    """How many cases the keystore knows as destroyed that the register does not name."""
    destroyed = CaseKey.objects.using(KEYSTORE).filter(destroyed_at__isnull=False)
    known = {entry.case_id for entry in entries()}
    return len(set(destroyed.values_list("case_id", flat=True)) - known)


def come_back() -> list[Entry]:
    """The disposals whose case key is there again: a restored keystore brings them back."""
    return _come_back(entries())


def _come_back(known: list[Entry]) -> list[Entry]:
    found: list[Entry] = []
    for start in range(0, len(known), BATCH):
        some = known[start : start + BATCH]
        cases = [entry.case_id for entry in some]
        live = set(live_keys().filter(case_id__in=cases).values_list("case_id", flat=True))
        found += [entry for entry in some if entry.case_id in live]
    return found


def replay(*, unmarked: bool = False) -> int:
    """Destroy each key that has come back, and say how many there were.

    A register that bears no mark at all may be from before there were marks, or anybody's: what
    it names is destroyed only where somebody who has looked says so (``unmarked``). Raises
    RegisterFault.
    """
    known = _read()
    again = _come_back(known.entries)
    if again and known.unmarked and not unmarked:
        raise RegisterFault(UNMARKED.format(path=register_path(), count=known.unmarked))
    for entry in again:
        destroy_case_key(entry.case_id)
    return len(again)


def check_disposals() -> None:
    """Refuse to go on while a case that was disposed of can be opened.

    Raises DisposalsNotReplayed, which says what to run, and RegisterFault.
    """
    if again := come_back():
        raise DisposalsNotReplayed(
            f"{len(again)} of the cases that were disposed of can be opened again: the keystore "
            "was restored from a backup. Run `manage.py disposals replay`."
        )
