"""Texts in drawings: how wide they are at the most, where they are parted, what they may hold.

SVG wraps nothing, and which fonts a reader has is not known, so widths are those of wide fonts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from unicodedata import category, combining, east_asian_width

NARROW: Final = frozenset("iIjl.,:;'|!()[]{} ftr/\\`-")
WIDE: Final = frozenset("mwMW@%&")
MORE: Final = "…"


@dataclass(frozen=True)
class Box:
    """A rectangle, in the units of the drawing; ``y`` grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends across."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends downwards."""
        return self.y + self.height

    def overlaps(self, other: "Box") -> bool:
        """Whether they share more than an edge."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: "Box") -> bool:
        """Whether the other lies within."""
        across = self.x <= other.x and other.right <= self.right
        return across and self.y <= other.y and other.bottom <= self.bottom


def clean(text: object) -> str:
    """In one line, without what steers how it is written: control and direction characters."""
    said = "".join(" " if each.isspace() else each for each in str(text))
    return " ".join("".join(each for each in said if category(each) not in UNSEEN).split())


UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def width_of(text: str, size: float) -> float:
    """How wide a text is at the most, where letters are ``size`` high, also in bold."""
    return sum(map(_em, text)) * size


def _em(letter: str) -> float:
    if combining(letter) or category(letter) in UNSEEN:
        return 0
    if letter in NARROW:
        return 0.5
    if letter in WIDE:
        return 1.1
    if letter.isascii():
        return 0.83 if letter.isupper() else 0.72
    if east_asian_width(letter) in "WF":
        return 1.4
    return 1.1


def wrapped(text: object, size: float, width: float, most: int) -> list[str]:
    """In lines of at most that ``width``; of more than ``most`` lines the last says so."""
    lines = list(_lines(clean(text), size, width))
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_of(last + MORE, size) > width:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip() + MORE]


def _lines(text: str, size: float, width: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, size) <= width:
            line = longer
            continue
        if line:
            yield line
        *whole, line = _parted(word, size, width)
        yield from whole
    if line:
        yield line


def _parted(word: str, size: float, width: float) -> list[str]:
    """A word that no line holds, in pieces."""
    pieces, piece = [], ""
    for letter in word:
        if piece and width_of(piece + letter, size) > width:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]
