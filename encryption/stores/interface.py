"""What a store of sealed files does, whatever it is made of.

A name is ``ab/`` and the id of a file, of which ``ab`` are the first letters; it says nothing else.
A store holds sealed bytes only, and never looks into them. Where it does not answer, is full or
refuses, it raises OSError, which the pages answer with "try again" (portal/unavailable.py).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Final, Protocol

NAME: Final = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{6}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Store(Protocol):
    """Sealed files by name, each whole or not there at all."""

    def check(self, *, puts: bool = True) -> None:
        """Say at the start what is wrong with the place; ``puts`` where files are put there.

        Raises StoreFault, which says what to do, and OSError where it does not answer.
        """

    def put(self, name: str, pieces: Iterable[bytes], *, is_lasting: bool = True) -> bool:
        """Put a file in its place; False, and nothing is changed, where there is one already.

        All of the pieces are gone through, whichever it is.
        Of many at once it may be said that they need not be on the disk yet when this returns
        (``is_lasting``); whoever says so calls ``settle`` at the end.
        """

    def replace(
        self, name: str, pieces: Iterable[bytes], hold: Callable[[IO[bytes]], object]
    ) -> None:
        """Put a file in the place of another, once ``hold`` has read it and raised nothing.

        Whoever is reading the old one reads it to its end.
        """

    def open(self, name: str) -> IO[bytes]:
        """A file from its beginning. Raises FileNotFoundError."""

    def size(self, opened: IO[bytes]) -> int:
        """How many bytes a file has that ``open`` gave."""

    def beginning(self, name: str, size: int) -> bytes:
        """Its first bytes, fewer where it has fewer. Raises FileNotFoundError."""

    def remove(self, name: str) -> None:
        """Take a file away; one that is gone already is no fault."""

    def names(self) -> Iterator[str]:
        """All that are there whole, in order."""

    def is_empty(self) -> bool:
        """Whether nothing at all is where files would be, of whatever name."""

    def settle(self) -> None:
        """Have everything last that was put."""

    def answers(self) -> bool:
        """Whether it can be read just now."""

    def __str__(self) -> str:
        """Where it is, for whoever runs the portal."""
