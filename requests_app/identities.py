"""Whether a text names somebody: for questions that must hold nobody's identity (F-ADVICE).

A simple exact check that catches what slips in. It looks for what is known of the people,
in the ways in which people write it, and says which detail it found.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.dates import MONTHS, MONTHS_3

NUMBERS = ("nhs_number", "upn")
DATES = ("date_of_birth", "due_date")
NAMES = ("name", "other_names")
PLACES = ("school", "gp_practice")
SHORTEST_NAME = 2  # letters: an initial names nobody
SURE = 3  # words of a place, from which on they are found in any case
MARKS = "['\u2019.]"  # that one writer puts into a name and another leaves out
# What stands in the field of a place that nobody named; as words of a text it says nothing.
NO_PLACE = frozenset(
    {
        *("gp", "the gp", "gp surgery", "gp practice", "surgery", "the surgery", "doctor"),
        *("school", "the school", "primary school", "secondary school", "nursery", "college"),
        *("home", "at home", "none", "nil", "no", "na", "n a", "unknown", "not known"),
    }
)


def named_in(text: str, people: Iterable[Mapping[str, Any]]) -> set[str]:
    """The codes of the details (``choices.DETAILS``) of any of ``people`` in ``text``."""
    return {
        code for details in people for code, value in details.items() if _is_in(text, code, value)
    }


def _is_in(text: str, code: str, value: Any) -> bool:
    if not value:
        return False
    if code in NAMES:
        return _has_name(text, str(value))
    if code in DATES:
        return isinstance(value, date) and _has_date(text, value)
    if code in NUMBERS:
        return _letters_and_digits(str(value)) in _letters_and_digits(text)
    if code == "address":
        return _words(str(value)) in _words(text)
    # A sex, a language and the like are many people's, and name nobody.
    return code in PLACES and _has_place(text, str(value))


def _has_name(text: str, name: str) -> bool:
    """The whole name in any case, or one part of it written as a name is."""
    if len(name) >= SHORTEST_NAME and re.search(_word(name), text, re.IGNORECASE):
        return True
    parts = [part for part in re.split(r"[\s,;]+", name) if len(part) >= SHORTEST_NAME]
    written = {spelt for part in parts for spelt in (part.capitalize(), part.upper(), part)}
    return any(re.search(_word(spelt), text) for spelt in written if not spelt.islower())


def _has_place(text: str, place: str) -> bool:
    """The whole of it, whatever stands between its words, and with apostrophes or without.

    A short one only as a name is written, and never what people type for want of a name.
    """
    words = re.findall(r"\w+", re.sub(MARKS, "", place))
    if len(place) < SHORTEST_NAME or not words or " ".join(words).casefold() in NO_PLACE:
        return False
    whole = r"[\W_]+".join(rf"{MARKS}?".join(map(re.escape, word)) for word in words)
    found = re.finditer(rf"(?<!\w){whole}(?!\w)", text, re.IGNORECASE)
    return any(len(words) >= SURE or not each[0].split()[-1].islower() for each in found)


def _word(text: str) -> str:
    return rf"(?<!\w){re.escape(text)}(?!\w)"


def _has_date(text: str, value: date) -> bool:
    """In figures or with the month's name, the year with two figures or four."""
    months = "|".join([f"0?{value.month}", str(MONTHS[value.month]), str(MONTHS_3[value.month])])
    years = rf"(?:{value.year}|{value:%y})"
    gap = r"[\s./,-]*"
    patterns = (
        rf"(?<!\d)0?{value.day}(?:st|nd|rd|th)?{gap}(?:of\s+)?(?:{months}){gap}{years}(?!\d)",
        rf"(?:{MONTHS[value.month]}|{MONTHS_3[value.month]})\s+0?{value.day}"
        rf"(?:st|nd|rd|th)?{gap}{years}(?!\d)",
        rf"{value.year}{gap}0?{value.month}{gap}0?{value.day}(?!\d)",
    )
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.casefold())


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
