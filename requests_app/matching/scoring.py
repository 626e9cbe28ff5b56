"""How likely two people of two requests are one and the same, and what speaks for it.

Suggests, never merges (domain rule 9). Works on opened values in memory and keeps nothing.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

from anyascii import anyascii
from django.utils.translation import gettext_lazy as _
from metaphone import doublemetaphone
from rapidfuzz import fuzz

from requests_app.models import Subject

SHORTEST_PART = 3  # letters or sounds of a part of a surname that can stand for it
SIMILAR = 80  # of 100, at which two spellings are taken for one name
NUMBERS = (("nhs_number", _("same NHS number")), ("upn", _("same unique pupil number (UPN)")))
# What each finding counts; a candidate is shown from LEAST on.
NUMBER, SAME_NAME, SIMILAR_NAME, SAME_BIRTH, SAME_YEAR, SIMILAR_PART = 100, 50, 40, 40, 15, 20
LEAST = 55


@dataclass(frozen=True)
class Likeness:
    """How much speaks for it, as a number to order by, and in words."""

    score: int
    reasons: list[Any]

    @property
    def is_shown(self) -> bool:
        """Whether it is worth a person's look."""
        return self.score >= LEAST


def likeness(one: Subject, other: Subject) -> Likeness:
    """Compare two people by numbers, names and births."""
    found: list[tuple[int, Any]] = [
        (NUMBER, words) for field, words in NUMBERS if _same_number(one, other, field)
    ]
    by_name, by_birth = _names(one, other), _births(one, other)
    if by_name and by_birth:
        words = _("%(name)s and %(birth)s") % {"name": by_name[1], "birth": by_birth[1]}
        found.append((by_name[0] + by_birth[0], words))
    elif by_name or by_birth:
        found.append(by_name or by_birth or (0, ""))
    return Likeness(sum(score for score, _words in found), [words for _score, words in found])


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


def _same_number(one: Subject, other: Subject, field: str) -> bool:
    first, second = _plain(getattr(one, field)), _plain(getattr(other, field))
    return bool(first) and first == second


def _names(one: Subject, other: Subject) -> tuple[int, Any] | None:
    first, second = _spelt(one), _spelt(other)
    if not all(first) or not all(second):
        return _parts(first, second)
    if first == second:
        return SAME_NAME, _("same name")
    # Names are written in either order, shortened, or with a part left out.
    whole = fuzz.token_sort_ratio(" ".join(first), " ".join(second))
    if whole >= SIMILAR:
        return SIMILAR_NAME, _("similar name")
    return _parts(first, second)


def _parts(first: tuple[str, str], second: tuple[str, str]) -> tuple[int, Any] | None:
    given, family = (_alike(a, b) for a, b in zip(first, second, strict=True))
    if family:
        return SIMILAR_NAME, _("similar surname")
    if given:
        return SIMILAR_PART, _("similar first name")
    return None


def _alike(one: str, other: str) -> bool:
    """Whether they look alike, or sound alike."""
    if not (one and other):
        return False
    sounds = set(doublemetaphone(one)) & set(doublemetaphone(other)) - {""}
    return bool(sounds) or fuzz.WRatio(one, other) >= SIMILAR


def _births(one: Subject, other: Subject) -> tuple[int, Any] | None:
    first, second = one.date_of_birth, other.date_of_birth
    if first is None or second is None:
        return None
    if first == second:
        return SAME_BIRTH, _("same date of birth")
    if first.year == second.year:
        return SAME_YEAR, _("same year of birth")
    return None


def _spelt(person: Subject) -> tuple[str, str]:
    return _bare(person.given_name), _bare(person.family_name)


def _bare(name: str) -> str:
    """The letters of a name in Latin script, without accents and case: Łukasz is lukasz."""
    letters = anyascii(name).casefold()
    return " ".join("".join(c for c in letters if c.isalpha() or c.isspace()).split())


def _plain(number: str) -> str:
    return "".join(c for c in number.upper() if c.isalnum())
