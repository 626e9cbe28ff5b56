"""A sealed file, held against its manifest once and against itself from then on (M5).

A restore reads its files a second time, when they may have been exchanged, and anybody can seal
to a public key. So what is read again goes on only once each piece was found as it was.
"""

import hashlib
from io import RawIOBase
from typing import Any, Final

from backups.errors import BackupFault
from backups.places import File

PIECE: Final = 1024 * 1024
TAKE_ANOTHER: Final = "Take another backup, and find out who else writes to that place."


def held_pieces(path: File, sha256: str) -> list[bytes]:
    """The digests of a file's pieces, once all of it has this one. Raises BackupFault."""
    whole, pieces = hashlib.sha256(), list[bytes]()
    try:
        with path.open("rb") as held:
            while piece := held.read(PIECE):
                whole.update(piece)
                pieces.append(hashlib.sha256(piece).digest())
    except OSError as fault:
        raise _unreadable(path, fault) from None
    if whole.hexdigest() != sha256:
        raise BackupFault(f"{path} was damaged, cut or changed. {TAKE_ANOTHER}")
    return pieces


def _unreadable(path: File, fault: OSError) -> BackupFault:
    return BackupFault(f"{path} cannot be read ({fault.strerror}).")


class Again(RawIOBase):
    """The same file for whoever wants one to read from. Raises BackupFault where it differs."""

    def __init__(self, path: File, pieces: list[bytes]) -> None:
        self.path, self.due, self.rest = path, iter(pieces), b""
        try:
            self.file = path.open("rb")
        except OSError as fault:
            raise _unreadable(path, fault) from None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.rest:
            self.rest = self._next()
        part = self.rest[: len(buffer)]
        buffer[: len(part)] = part
        self.rest = self.rest[len(part) :]
        return len(part)

    def _next(self) -> bytes:
        try:
            piece, due = self.file.read(PIECE), next(self.due, b"")
        except OSError as fault:
            raise _unreadable(self.path, fault) from None
        if (hashlib.sha256(piece).digest() if piece else b"") != due:
            raise BackupFault(f"{self.path} was changed while it was restored. {TAKE_ANOTHER}")
        return piece

    def close(self) -> None:
        self.file.close()
        super().close()
