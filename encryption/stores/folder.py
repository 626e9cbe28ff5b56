"""Sealed files in a folder, which needs a file system with hard links."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO
from uuid import uuid4

from encryption.stores.interface import NAME


class Folder:
    """Two letters a folder, in which each file has its id as its name."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def check(self, *, puts: bool = True) -> None:
        """It is made with the first file."""

    def put(self, name: str, pieces: Iterable[bytes], *, is_lasting: bool = True) -> bool:
        """Under another name first, then linked to its own."""
        path = self.place / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{uuid4()}.new")
        try:
            _write(draft, os.O_EXCL, pieces, is_lasting=is_lasting)
            is_new = _linked(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        if is_lasting:  # also where one is there: whoever put it may have been killed before this
            sync_directory(path.parent)
        return is_new

    def replace(
        self, name: str, pieces: Iterable[bytes], hold: Callable[[IO[bytes]], object]
    ) -> None:
        """By a rename. Two at once would write the same draft, whose name is the same each time
        so that none is left behind."""
        path = self.place / name
        draft = path.with_name(f".{path.name}.anew")
        try:
            _write(draft, os.O_TRUNC, pieces, is_lasting=True)
            with draft.open("rb") as written:
                hold(written)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        sync_directory(path.parent)

    def open(self, name: str) -> IO[bytes]:
        """Of the file as it is now, whatever is put in its place meanwhile."""
        return (self.place / name).open("rb")

    def size(self, opened: IO[bytes]) -> int:
        """As the system says."""
        return os.fstat(opened.fileno()).st_size

    def beginning(self, name: str, size: int) -> bytes:
        """Its first bytes."""
        with self.open(name) as source:
            return source.read(size)

    def remove(self, name: str) -> None:
        """Its name, and with it the file."""
        path = self.place / name
        path.unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            sync_directory(path.parent)

    def names(self) -> Iterator[str]:
        """Of plain files; a draft has a name of another kind."""
        for path in sorted(self.place.glob("[0-9a-f][0-9a-f]/*")):
            name = f"{path.parent.name}/{path.name}"
            if NAME.fullmatch(name) and path.is_file():
                yield name

    def is_empty(self) -> bool:
        """Nothing is in any folder of two letters."""
        return not any(self.place.glob("[0-9a-f][0-9a-f]/*"))

    def settle(self) -> None:
        """All that this machine has written."""
        os.sync()

    def answers(self) -> bool:
        """It is a place of this machine's."""
        return True

    def __str__(self) -> str:
        return str(self.place)


def _write(path: Path, flag: int, pieces: Iterable[bytes], *, is_lasting: bool) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | flag, 0o600)
    with os.fdopen(handle, "wb") as new:
        for piece in pieces:
            new.write(piece)
        if is_lasting:
            new.flush()
            os.fsync(new.fileno())


def _linked(draft: Path, path: Path) -> bool:
    try:
        os.link(draft, path)  # unlike a rename, it fails where the name is taken
    except FileExistsError:
        return False
    return True


def sync_directory(directory: Path) -> None:
    """Have the disk keep a name that was put into, or taken out of, a directory."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
