"""What somebody typed to find a person by: a reference, a number, a name, a birth, an address.

Nothing of it is kept: it is taken apart here, and found by match tokens (docs/adr/0121).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _

from encryption.addresses import Address, address_in
from encryption.names import latin, parts
from encryption.tokens import MOST_WORDS

SIGN: Final = "[2-9B-DF-HJ-NP-TV-XZ]"  # of a reference
REFERENCE: Final = re.compile(f"([RC])[- ]?({SIGN}{{4}})[- ]?({SIGN}{{4}})")
UPN: Final = re.compile(r"(?<!\w)[A-Z](?:[ -]?\d){11}[ -]?[\dA-Z](?!\w)", re.IGNORECASE)
NHS: Final = re.compile(r"(?<![\d/.-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d/.-])")
NAMED: Final = {
    str(name).casefold(): number for names in (MONTHS, MONTHS_3) for number, name in names.items()
} | {"sept": 9}
MONTH: Final = f"(?P<month>{'|'.join(sorted(NAMED, key=len, reverse=True))})\\.?"
DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR: Final = r"(?P<year>\d{4}|\d{2})"
DATES: Final = [
    re.compile(rf"(?<!\w){each}(?!\w)", re.IGNORECASE)
    for each in (
        r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})",
        rf"(?P<day>\d{{1,2}}) ?[-/. ] ?(?P<month>\d{{1,2}}) ?[-/. ] ?{YEAR}",
        rf"{DAY}[-/. ]*(?:of )?{MONTH}[-/., ]*{YEAR}",
        rf"{MONTH} ?{DAY},? {YEAR}",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4}|\d{2})",
    )
]
SAID_OF_A_BIRTH: Final = frozenset({"born", "dob", "on", "nhs", "upn", "number", "no", "aged"})
FIRST_YEAR: Final = 1900
OF_A_CENTURY: Final = 100
NO_ADDRESS: Final = Address()
SHORTEST: Final = 2  # letters of a name, in scripts that write one with letters


@dataclass(frozen=True)
class Terms:
    """What a search goes by."""

    reference: str = ""
    nhs_number: str = ""
    upn: str = ""
    born_on: date | None = None
    words: tuple[str, ...] = ()
    address: Address = NO_ADDRESS

    @property
    def kinds(self) -> str:
        """By what kind of term, in codes: what the access log says of a search."""
        if self.reference:
            return "reference"
        if self.nhs_number or self.upn:
            return "number"
        return "+".join(
            code
            for code, said in (
                ("name", self.words),
                ("birth", self.born_on),
                ("address", self.address.is_sure),
            )
            if said
        )

    @property
    def days(self) -> Iterator[date]:
        """The day of birth, and the same with day and month the other way round."""
        if self.born_on:
            yield self.born_on
            try:
                yield self.born_on.replace(month=self.born_on.day, day=self.born_on.month)
            except ValueError:
                return


def terms_of(typed: str) -> Terms:
    """Taken apart; ValidationError where there is nothing to go by, which says what to do."""
    plain = "".join(_plain(each) for each in unicodedata.normalize("NFKC", typed))
    text = " ".join(plain.split())
    if found := REFERENCE.fullmatch(text.upper()):
        return Terms(reference="-".join(found.groups()))
    if any(each in text for each in "*%?_"):
        raise ValidationError(
            _("Type whole words and numbers. The search does not take signs such as * or ?")
        )
    numbers: dict[str, Any] = {}
    for name, pattern in (("upn", UPN), ("nhs_number", NHS)):
        if found := pattern.search(text):
            numbers[name] = found.group()
            text = _without(text, found)
    text, born_on = _birth_in(text)
    address = address_in(text)
    if address.is_sure:
        text = address.before
    else:
        address = NO_ADDRESS
    words = _words_in(text, bool(numbers or born_on or address.is_sure))
    return Terms(**numbers, born_on=born_on, words=words, address=address)


def _plain(character: str) -> str:
    """Digits of every script as our own, and any gap or dash as one of ours."""
    if character.isdigit():
        return str(unicodedata.digit(character))
    kind = unicodedata.category(character)
    return " " if kind == "Zs" or character in "\t\n," else "-" if kind == "Pd" else character


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _birth_in(text: str) -> tuple[str, date | None]:
    for pattern in DATES:
        if found := pattern.search(text):
            return _without(text, found), _day(**found.groupdict())
    return text, None


def _day(day: str, month: str, year: str) -> date:
    today, number = timezone.localdate(), int(year)
    is_short = number < OF_A_CENTURY
    if is_short:
        number += today.year - today.year % OF_A_CENTURY
    try:
        found = date(number, NAMED.get(month.casefold()) or int(month), int(day))
        if is_short and found > today:
            found = found.replace(year=number - OF_A_CENTURY)
    except ValueError:
        found = date.min
    if found.year < FIRST_YEAR:
        raise ValidationError(_("The date of birth must be a real date, such as 27 3 2016"))
    if found > today:
        raise ValidationError(_("The date of birth must be today or in the past"))
    return found


def _words_in(text: str, has_more: bool) -> tuple[str, ...]:
    if any(each.isdigit() for each in text):
        raise ValidationError(
            _(
                "Check the number. An NHS number has 10 digits, a unique pupil number (UPN) has "
                "13 characters, a date of birth is like 27 3 2016, and an address needs its road "
                "(14 Elm Road) or its postcode"
            )
        )
    found = [each for each in parts(text) if each not in SAID_OF_A_BIRTH]
    longer = [each for each in found if len(latin(each) or each) >= SHORTEST or not each.isascii()]
    if found and not longer and not has_more:
        raise ValidationError(_("Type at least 2 letters of a name"))
    if not (longer or has_more):
        raise ValidationError(
            _("Type a name, a date of birth, an address, an NHS number, a UPN or a reference")
        )
    return tuple(dict.fromkeys(longer))[:MOST_WORDS]
