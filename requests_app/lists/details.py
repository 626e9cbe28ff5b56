"""An identifying detail as it is read: the same words on every page that shows it."""

from datetime import date
from typing import Any

from django.utils.formats import date_format

NHS_DIGITS = 10


def said(code: str, value: Any) -> str:
    """Dates in words; NHS numbers as they are read out, whatever gaps they were typed with."""
    if isinstance(value, date):
        return date_format(value, "j F Y")
    digits = "".join(str(value).split())
    if code == "nhs_number" and len(digits) == NHS_DIGITS and digits.isdigit():
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    return str(value)
