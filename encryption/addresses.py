"""How addresses are written: what counts as one and the same home.

A home is a number, or a house's name, with a postcode or with the name of a road. Nothing here is
about anybody.
"""

import re
from dataclasses import dataclass
from typing import Final

from anyascii import anyascii

POSTCODE: Final = re.compile(
    r"(?<![a-z0-9])([a-z]{1,2}[0-9][a-z0-9]?) ?([0-9][a-z]{2})(?![a-z0-9])"
)
# Of each line the words stand for one ending of a road's name.
ROADS: Final = """
road rd
street str st
avenue ave av
lane ln
drive drv dr
close cl
crescent cres cresc
court crt ct
place pl
gardens gdns garden gdn
grove gr grv
terrace ter terr
square sq
way wy
walk wlk
park pk
parade pde
hill
row
rise
mews
green grn
view vw
gate
mount mt
"""
ENDINGS: Final = {
    word: line.split(maxsplit=1)[0] for line in ROADS.split("\n") for word in line.split()
}
IN_A_BUILDING: Final = frozenset(["flat", "apartment", "apt", "unit", "room", "no", "number"])
NUMBER: Final = re.compile(r"[0-9]+[a-z]?")
END: Final = "|"  # of a line
LONGEST: Final = 4  # words of a road's name that has no such ending
Key = tuple[str, ...]


@dataclass(frozen=True)
class Address:
    """What an address says of a home; empty where it does not say it.

    ``numbers`` go from the flat to the house. ``before`` is what stands in the first line before
    them: the name of a house that has none, or, in what somebody typed, that of a person.
    """

    postcode: str = ""
    numbers: tuple[str, ...] = ()
    road: str = ""
    before: str = ""

    @property
    def homes(self) -> set[Key]:
        """Keys of the home: of two addresses that share one it is the same."""
        own = self.numbers or ((self.before,) if self.before else ())
        by_road = {("road", self.road, *self.numbers)} if self.road and self.numbers else set()
        return by_road | ({("postcode", self.postcode, *own)} if self.postcode and own else set())

    @property
    def is_sure(self) -> bool:
        """Whether it is an address and no other words with numbers among them."""
        name, _space, ending = self.road.rpartition(" ")
        return bool(self.postcode or (name and self.numbers and ending in ENDINGS.values()))

    @property
    def places(self) -> set[Key]:
        """Keys of what neighbours share: the postcode, and the building of several flats."""
        found: set[Key] = {("postcode", self.postcode)} if self.postcode else set()
        if self.road and self.numbers:
            found.add(("building", self.road, self.numbers[-1]))
        return found


def address_in(text: str) -> Address:
    """An address taken apart, however it is written."""
    plain = " ".join(anyascii(re.sub(r"[,;\n]", f" {END} ", text)).casefold().split())
    plain = re.sub("['`.]", "", plain)
    found = POSTCODE.search(plain)
    signs = re.findall(r"[a-z0-9]+|\|", POSTCODE.sub(f" {END} ", plain))
    before, numbers, runs = _taken_apart(signs)
    road, of_road = next(
        ((road, of_road) for run, of_road in runs if (road := _road(run))),
        (" ".join(runs[0][0][:LONGEST]), runs[0][1]) if runs else ("", len(numbers)),
    )
    return Address(
        postcode="".join(found.groups()) if found else "",
        numbers=tuple(dict.fromkeys(numbers[:of_road])),
        road=road,
        before=before,
    )


def _taken_apart(signs: list[str]) -> tuple[str, list[str], list[tuple[list[str], int]]]:
    """The first line; the numbers; the words after each, and how many numbers went before."""
    before: list[str] = []
    numbers: list[str] = []
    runs: list[tuple[list[str], int]] = []
    is_open = False  # whether words go on with those before them
    is_first = True  # whether the first line goes on
    for at, sign in enumerate(signs):
        last = signs[at - 1] if at else END
        if NUMBER.fullmatch(sign) or (last in IN_A_BUILDING and re.fullmatch("[a-z]", sign)):
            numbers.append(sign)
            is_open = False
        elif len(sign) == 1 and sign.isalpha() and NUMBER.fullmatch(last) and last.isdigit():
            numbers[-1] += sign  # 14 A is 14a
        elif sign == END or sign in IN_A_BUILDING:
            is_open = False
            is_first = is_first and not before
        elif not numbers:
            before += [sign] if is_first else []
        elif is_open:
            runs[-1][0].append(sign)
        else:
            runs.append(([sign], len(numbers)))
            is_open = True
    return " ".join(before), numbers, runs


def _road(run: list[str]) -> str:
    """The name of a road among these words, up to its ending; the first word is never that."""
    for at, word in enumerate(run):
        if at and word in ENDINGS:
            first = "st" if run[0] == "saint" else run[0]
            return " ".join([first, *run[1:at], ENDINGS[word]])
    return ""
