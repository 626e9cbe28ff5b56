"""An identifying detail as it is read: the same words on every page that shows it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from encryption.tokens import NHS, NHS_DIGITS, UPN, identifier_warning
from requests_app.choices import DETAILS, ETHNIC_GROUPS, NO_ETHNIC_GROUP, Education, Known, Sex

CHECKED = {"nhs_number": NHS, "upn": UPN}  # numbers with a check digit or letter
# What stands for each code of a detail that is chosen; an ethnic group needs its heading.
CHOSEN: dict[str, dict[str, Any]] = {
    "sex": dict(Sex.choices),
    "parental_responsibility": dict(Known.choices),
    "education": dict(Education.choices),
    "interpreter": dict(Known.choices),
    "disability": dict(Known.choices),
}


def rows_of(details: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Details as questions and answers; a number that fails its own check with a warning."""
    return [
        {"key": DETAILS[code], "value": said(code, value), "warning": doubt_of(code, value)}
        for code, value in details.items()
    ]


def doubt_of(code: str, value: Any) -> str:
    """What looks wrong about a number, which may be on record so: it warns, and stops nothing."""
    return identifier_warning(CHECKED[code], str(value or "")) or "" if code in CHECKED else ""


def said(code: str, value: Any) -> str:
    """Dates and choices in words; NHS numbers as they are read out, however they were typed."""
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if code == "ethnicity":
        return _ethnic_group(value)
    if code in CHOSEN:
        return str(CHOSEN[code].get(value, value))
    digits = "".join(str(value).split())
    if code == "nhs_number" and len(digits) == NHS_DIGITS and digits.isdigit():
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    return str(value)


def _ethnic_group(code: str) -> str:
    for group, names in ETHNIC_GROUPS.items():
        if code in names:
            return f"{group}: {names[code]}"
    return str(NO_ETHNIC_GROUP.get(code, code))


def age_of(born_on: date | None) -> str:
    """How old somebody is today, in years; nothing where no date of birth is known."""
    if born_on is None:
        return ""
    today = timezone.localdate()
    years = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    return str(years) if years > 0 else _("under 1")
