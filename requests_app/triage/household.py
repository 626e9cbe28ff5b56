"""The people of a request drawn by where they live: each in a box, one address in one frame.

Pure: the same people give the same drawing. What the drawing cuts short stands whole in the list
beside it (docs/adr/0130).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from encryption.addresses import Key, address_in
from requests_app.choices import PersonRole
from requests_app.details import age_of
from requests_app.triage.drawing import Box, clean, wrapped

WIDTH: Final = 320.0  # of the drawing, in its own units, as all that follows
GAP: Final = 10.0
PAD: Final = 8.0
SIZE: Final = 14.0
LINE: Final = 18.0
COLUMNS: Final = 2
INSIDE: Final = WIDTH - 2 * GAP
BOX: Final = (INSIDE - (COLUMNS - 1) * GAP) / COLUMNS
SIGN: Final = 12.0  # the triangle beside the words of who may pose a risk
NAMES, RELATIONS, ADDRESSES = 4, 3, 3  # lines at the most


@dataclass(frozen=True)
class Line:
    """One line of text, from its left end and the foot of its letters."""

    text: str
    x: float
    y: float
    kind: str  # name, warning or plain: how it is written

    @property
    def box(self) -> Box:
        """The room that is kept for it."""
        return Box(
            self.x, self.y - LINE + 4, BOX - 2 * PAD - (SIGN if self.kind == "warning" else 0), LINE
        )


@dataclass(frozen=True)
class Somebody:
    """One person in their box."""

    role: str
    box: Box
    lines: tuple[Line, ...]

    @property
    def is_child(self) -> bool:
        """Whether the request is about them: drawn with round corners and a thick edge."""
        return self.role == PersonRole.CHILD

    @property
    def is_risk(self) -> bool:
        """Whether they may pose a risk: drawn with cut corners, a sign and the words."""
        return self.role == PersonRole.RISK

    @property
    def corners(self) -> str:
        """The box with its corners cut, as the points of a polygon."""
        left, top, right, low = self.box.x, self.box.y, self.box.right, self.box.bottom
        points = (
            *((left + PAD, top), (right - PAD, top), (right, top + PAD), (right, low - PAD)),
            *((right - PAD, low), (left + PAD, low), (left, low - PAD), (left, top + PAD)),
        )
        return " ".join(f"{x:g},{y:g}" for x, y in points)

    @property
    def sign(self) -> str:
        """A triangle before the words of a risk."""
        at = next((line for line in self.lines if line.kind == "warning"), None)
        if at is None:
            return ""
        x, y = at.x - SIGN, at.y
        return f"{x:g},{y:g} {x + SIGN / 2 - 1:g},{y - SIGN + 2:g} {x + SIGN - 2:g},{y:g}"


@dataclass(frozen=True)
class Home:
    """One address, or that it is not known, with who lives there."""

    address: str
    box: Box
    lines: tuple[Line, ...]
    people: tuple[Somebody, ...]

    @property
    def is_known(self) -> bool:
        """Whether there is an address."""
        return bool(self.address)


@dataclass(frozen=True)
class Household:
    """The drawing, and the same people for the table beside it, in the same order."""

    width: float
    height: float
    homes: tuple[Home, ...]
    rows: tuple[dict[str, Any], ...]


def household_of(people: Iterable[Any]) -> Household:
    """The drawing of these people (``selectors.Person``), who come with children first."""
    homes, rows, y = [], [], GAP / 2
    for address, members in _by_address(people):
        home = _home(address, members, y)
        homes.append(home)
        rows += [_row(person, address) for person in members]
        y = home.box.bottom + GAP
    return Household(WIDTH, y - GAP / 2, tuple(homes), tuple(rows))


def _by_address(people: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """Where a child lives comes first, and of whom no address is known last."""
    found: dict[Key, tuple[str, list[Any]]] = {}
    for person in people:
        address = clean(person.known.get("address", ""))
        plain = "".join(letter for letter in address.casefold() if letter.isalnum())
        key = max(address_in(address).homes, default=(plain,))  # by its road, where it has one
        found.setdefault(key, (address if plain else "", []))[1].append(person)
    unknown = found.pop(("",), None)
    return [*found.values(), *([unknown] if unknown else [])]


def _row(person: Any, address: str) -> dict[str, Any]:
    return {
        "name": person.name,
        "age": _age(person),
        "role": person.role_name,
        "relation": person.details.get("relationship", ""),
        "address": address,
        "is_risk": person.role == PersonRole.RISK,
    }


def _home(address: str, members: Sequence[Any], top: float) -> Home:
    said = address or _("Address not known")
    texts = wrapped(said, SIZE, INSIDE - 2 * PAD, ADDRESSES)
    y = top + PAD / 2
    lines = tuple(
        Line(text, GAP + PAD, y + (n + 1) * LINE - 4, "plain") for n, text in enumerate(texts)
    )
    y += len(texts) * LINE + PAD
    drawn: list[Somebody] = []
    for at in range(0, len(members), COLUMNS):
        row = members[at : at + COLUMNS]
        height = max(len(_said(person)) for person in row) * LINE + 2 * PAD
        boxes = (Box(GAP + n * (BOX + GAP), y, BOX, height) for n in range(len(row)))
        drawn += [_somebody(person, box) for person, box in zip(row, boxes, strict=True)]
        y += height + GAP
    return Home(address, Box(1, top, WIDTH - 2, y - top), lines, tuple(drawn))


def _somebody(person: Any, box: Box) -> Somebody:
    lines = (
        Line(
            text,
            box.x + PAD + (SIGN if kind == "warning" else 0),
            box.y + PAD + (number + 1) * LINE - 4,
            kind,
        )
        for number, (text, kind) in enumerate(_said(person))
    )
    return Somebody(person.role, box, tuple(lines))


def _said(person: Any) -> list[tuple[str, str]]:
    """What the box says, line by line, each with how it is written."""
    inside = BOX - 2 * PAD
    lines = [(text, "name") for text in wrapped(person.name, SIZE, inside, NAMES)]
    age = _age(person)
    relation = person.details.get("relationship", "") or _relation(person)
    words = ", ".join(filter(None, (_("age %s") % age if age else "", relation)))
    lines += [(text, "plain") for text in wrapped(words, SIZE, inside, RELATIONS)]
    if person.role == PersonRole.RISK:
        lines += [
            (text, "warning") for text in wrapped(_("May pose a risk"), SIZE, inside - SIGN, 2)
        ]
    return lines


def _relation(person: Any) -> str:
    """What somebody is to the request where nobody says what they are to the child."""
    named = {PersonRole.CHILD: _("child"), PersonRole.CONNECTED: _("relation not known")}
    return named.get(person.role, "")


def _age(person: Any) -> str:
    return age_of(person.known.get("date_of_birth"))
