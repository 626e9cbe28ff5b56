"""Which passwords are refused beyond Django's own rules: those made of words known here."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.partnership.selectors import the_partnership

LEFT_OVER = 6  # letters and figures that must be there beside words that anybody here would try
SHORTEST_WORD = 3
COMMON = {
    "password", "passphrase", "passwort", "safeguarding", "safeguard", "children", "child", "share",
    "information", "partnership", "service", "portal", "welcome", "letmein", "changeme", "qwerty",
    "qwertyuiop", "abc", "abcd", "abcdef", "iloveyou", "admin", "administrator", "login", "secret",
    "spring", "summer", "autumn", "winter", "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december", "monday", "tuesday",
    "wednesday", "thursday", "friday", "saturday", "sunday", "council", "police", "school", "trust",
}  # fmt: skip
RUNS = re.compile(r"(.)\1{2,}")
YEARS_AND_COUNTS = re.compile(r"(?:19|20)\d\d|0?123(?:4(?:5(?:6(?:7(?:8(?:90?)?)?)?)?)?)?")


class WordsOfHereValidator:
    """Refuses a password that is little more than names and words known at the partnership."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse it with ValidationError if too little is left without those words."""
        left = _plain(password)
        for word in sorted({*COMMON, *words_of_here()}, key=len, reverse=True):
            left = left.replace(word, " ")
        left = RUNS.sub(r"\1", YEARS_AND_COUNTS.sub(" ", left))
        if len(re.sub(r"\W", "", left)) < LEFT_OVER:
            raise ValidationError(self.get_help_text(), code="password_of_here")

    def get_help_text(self) -> str:
        """What to do."""
        return _(
            "Choose a password that is not made up of common words or the names of your agency,"
            " the partnership or this service."
        )


def words_of_here() -> Iterator[str]:
    """The words of the names of the partnership, the service and all agencies."""
    here = the_partnership()
    names = [here.name, here.area, here.service_name, here.front_door_name, here.front_door_short]
    for name in [*names, *Agency.objects.values_list("name", flat=True)]:
        yield from (word for word in re.findall(r"\w+", _plain(name)) if _is_long(word))


def _is_long(word: str) -> bool:
    return len(word) >= SHORTEST_WORD


def _plain(text: str) -> str:
    """Lower case, without accents, and figures that stand for letters as those letters."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each))
