"""How likely two people of two requests are one and the same, what speaks for it and what against.

Suggests, never merges (domain rule 9). Works on opened values in memory and keeps nothing.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from anyascii import anyascii
from django.utils.translation import gettext_lazy as _
from metaphone import doublemetaphone
from rapidfuzz import fuzz

from encryption.addresses import address_in
from encryption.names import is_same_name, parts
from requests_app.models import Subject

SHORTEST_PART = 3  # letters or sounds of a part of a surname that can stand for it
SIMILAR = 80  # of 100, at which two spellings are taken for one name
NUMBERS = (
    ("nhs_number", _("same NHS number"), _("different NHS number")),
    (
        "upn",
        _("same unique pupil number (UPN)"),
        _("different unique pupil number (UPN)"),
    ),
)
# What each finding counts; a candidate is shown from LEAST on.
NUMBER, SAME_NAME, SIMILAR_NAME, SAME_BIRTH, SAME_YEAR, SIMILAR_PART = 100, 50, 40, 40, 15, 20
OTHER_FORM = 38  # a short form or another spelling of the whole name
SIMILAR_SURNAME = 25
TURNED_BIRTH = 35  # day and month the other way round
NEAR_BIRTH = 25  # one of day, month and year is another
# Of people of whom there is no date of birth to compare, by how their whole names agree.
BIRTH_NOT_KNOWN = {SAME_NAME: 5, OTHER_FORM: 20}
SAME_HOME = 20  # of people with another name: brothers, sisters and parents
LEAST = 55
SURE = SAME_NAME + SAME_BIRTH


@dataclass(frozen=True)
class Known:
    """What is compared of somebody, opened once."""

    given_name: str
    family_name: str
    other_names: str
    date_of_birth: date | None
    nhs_number: str
    upn: str
    address: str = ""


Person = Known | Subject


@dataclass(frozen=True)
class Likeness:
    """How much speaks for it, as a number to order by, and in words; and what does not agree."""

    score: int
    reasons: list[Any]
    differs: list[Any] = field(default_factory=list)
    is_home_same: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether it is worth a person's look."""
        return self.score >= LEAST

    @property
    def is_sure(self) -> bool:
        """Whether it is the same person beyond doubt; an address says nothing of that."""
        return self.score - SAME_HOME * self.is_home_same >= SURE


def likeness(one: Person, other: Person) -> Likeness:
    """Compare two people by numbers, names, births and addresses."""
    found: list[tuple[int, Any]] = [
        (NUMBER, words) for name, words, _what in NUMBERS if _same_number(one, other, name)
    ]
    by_name, by_birth = _names(one, other), births(one.date_of_birth, other.date_of_birth)
    if by_name and by_birth:
        words = _("%(name)s and %(birth)s") % {"name": by_name[1], "birth": by_birth[1]}
        found.append((by_name[0] + by_birth[0], words))
    elif by_name or by_birth:
        found.append(by_name or by_birth or (0, ""))
    if is_home_same := same_home(one, other):
        found.append((SAME_HOME, _("same address")))
    score = sum(score for score, _words in found)
    if by_name and not (one.date_of_birth and other.date_of_birth):
        score += BIRTH_NOT_KNOWN.get(by_name[0], 0)
    reasons = [words for _score, words in found]
    return Likeness(score, reasons, _differences(one, other, by_name), is_home_same)


def same_home(one: Person, other: Person) -> bool:
    """Whether both are said to live at one address, however it is written."""
    first, second = (address_in(each.address).homes for each in (one, other))
    return bool(first & second)


def _differences(one: Person, other: Person, by_name: tuple[int, Any] | None) -> list[Any]:
    """What both say, and say otherwise; and that there is no date of birth to go by."""
    found: list[Any] = []
    first, second = one.date_of_birth, other.date_of_birth
    if not (first and second):
        found.append(_("no date of birth to compare"))
    elif first != second:
        found.append(_("different date of birth"))
    if by_name is None or by_name[0] == SIMILAR_PART:
        found.append(_("different name"))
    for name, _words, what in NUMBERS:
        numbers = [_plain(getattr(each, name)) for each in (one, other)]
        if all(numbers) and numbers[0] != numbers[1]:
            found.append(what)
    return found


def share_a_surname(surname: str, name: str) -> bool:
    """Whether a surname stands in a name: as a whole or a part of it, by its letters or its sound.

    Accents, case and hyphens make no difference. Being merely near does not count.
    """
    own, other = _words(surname), _words(name)
    if not own:
        return False
    # The whole of it, however short, and with or without a space: Ng in "Ng Wong", O Brien.
    if set(own) <= set(other) or "".join(own) == "".join(other):
        return True
    if {w for w in own if len(w) >= SHORTEST_PART} & set(other):
        return True
    return bool(_sounds_of(own) & _sounds_of(other))


def _words(name: str) -> list[str]:
    """The parts of a name, also of one with hyphens."""
    return _bare("".join(" " if unicodedata.category(c) == "Pd" else c for c in name)).split()


def _sounds_of(words: list[str]) -> set[str]:
    """How the parts sound; one that is too short sounds like too many others."""
    return {sound for word in words if len(sound := doublemetaphone(word)[0]) >= SHORTEST_PART}


def _same_number(one: Person, other: Person, name: str) -> bool:
    first, second = _plain(getattr(one, name)), _plain(getattr(other, name))
    return bool(first) and first == second


def _names(one: Person, other: Person) -> tuple[int, Any] | None:
    first, second = _spelt(one), _spelt(other)
    if not all(first) or not all(second):
        return _parts(first, second)
    if first == second:
        return SAME_NAME, _("same name")
    if first == second[::-1]:
        return SAME_NAME, _("same name, the other way round")
    if _is_form_of(one, other):
        return OTHER_FORM, _("same name in another form")
    # Names are written in either order, shortened, or with a part left out.
    whole = fuzz.token_sort_ratio(" ".join(first), " ".join(second))
    if whole >= SIMILAR:
        return SIMILAR_NAME, _("similar name")
    return _parts(first, second)


def _is_form_of(one: Person, other: Person) -> bool:
    """Whether first names and surnames are spellings or short forms of the same, in any order."""
    (given, family), (their_given, their_family) = (
        (parts(each.given_name), parts(each.family_name)) for each in (one, other)
    )
    straight = _any_same(given[:1], their_given[:1]) and _any_same(family, their_family)
    crossed = _any_same(given[:1], their_family) and _any_same(family, their_given[:1])
    return straight or crossed


def _any_same(some: list[str], others: list[str]) -> bool:
    return any(is_same_name(one, other) for one in some for other in others)


def _parts(first: tuple[str, str], second: tuple[str, str]) -> tuple[int, Any] | None:
    given, family = (_alike(a, b) for a, b in zip(first, second, strict=True))
    if family:
        return SIMILAR_SURNAME, _("similar surname")
    if given:
        return SIMILAR_PART, _("similar first name")
    return None


def _alike(one: str, other: str) -> bool:
    """Whether they look alike, or sound alike."""
    if not (one and other):
        return False
    sounds = set(doublemetaphone(one)) & set(doublemetaphone(other)) - {""}
    return bool(sounds) or is_same_name(one, other) or fuzz.WRatio(one, other) >= SIMILAR


def births(first: date | None, second: date | None) -> tuple[int, Any] | None:
    """How far two dates of birth agree, and in words; None where one is missing or nothing does."""
    if first is None or second is None:
        return None
    if first == second:
        return SAME_BIRTH, _("same date of birth")
    if (first.year, first.month, first.day) == (second.year, second.day, second.month):
        return TURNED_BIRTH, _("day and month of birth the other way round")
    same = (first.year == second.year, first.month == second.month, first.day == second.day)
    if sum(same) > 1:
        return NEAR_BIRTH, _("nearly the same date of birth")
    if first.year == second.year:
        return SAME_YEAR, _("same year of birth")
    return None


def _spelt(person: Person) -> tuple[str, str]:
    return _bare(person.given_name), _bare(person.family_name)


def _bare(name: str) -> str:
    """The letters of a name in Latin script, without accents and case: Łukasz is lukasz."""
    letters = anyascii(name).casefold()
    return " ".join("".join(c for c in letters if c.isalpha() or c.isspace()).split())


def _plain(number: str) -> str:
    return "".join(c for c in number.upper() if c.isalnum())
