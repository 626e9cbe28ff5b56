"""The fields of the register: addresses, domains, telephones and hours, each in one form only."""

import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.domains import NotADomain, normalised
from workflow.clean import cleaned
from workflow.fields import CleanText

MOST_DOMAINS = 20
TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::00)?\s*(am|pm)?", re.IGNORECASE)
TELEPHONE = re.compile(r"\+?[0-9][0-9 ()/-]{2,}(?:\s*(?:ext|x|option)\.?\s*[0-9]+)?", re.IGNORECASE)
HALF_DAY = 12


class Telephone(CleanText):
    """A telephone number as people write it, with an extension if there is one."""

    says = {
        **CleanText.says,
        "invalid": gettext_lazy("Enter %(name)s, like 0151 496 0000"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, width=20, **kwargs)

    def to_python(self, value: Any) -> str:
        """The number."""
        text = super().to_python(value)
        if text and not TELEPHONE.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return text


class Address(CleanText):
    """An e-mail address, in lower case, with its domain as agencies list theirs."""

    says = {
        **CleanText.says,
        "invalid": gettext_lazy("Enter %(name)s in the correct format, like name@example.org"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)

    def to_python(self, value: Any) -> str:
        """The address."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            box, _at, domain = text.rpartition("@")
            address = f"{box}@{normalised(domain)}".lower()
            EmailValidator()(address)
        except (NotADomain, ValidationError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        return address


class SecureWebAddress(CleanText):
    """An address that begins with https."""

    says = {
        **CleanText.says,
        "invalid": gettext_lazy("Enter %(name)s as a full web address that begins with https://"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=300, **kwargs)

    def to_python(self, value: Any) -> str:
        """The address as it was typed; it names no person and no pass phrase."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            URLValidator(schemes=["https"])(text)
            parts = urlsplit(text)
        except (ValueError, ValidationError):
            parts = None
        if parts is None or parts.username or parts.password:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return text


class TimeOfDay(CleanText):
    """A time: 9am, 9:30am, 17:00."""

    says = {
        **CleanText.says,
        "invalid": gettext_lazy("Enter %(name)s, like 9am or 17:30"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, width=5, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A time that is kept, as it would be typed."""
        return f"{value:%H:%M}" if isinstance(value, dt.time) else super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        """The time, or None."""
        if isinstance(value, dt.time):
            return value
        text = super().to_python(value)
        if not text:
            return None
        if text.casefold() in {"midnight", "midday"}:
            return dt.time(0 if text.casefold() == "midnight" else HALF_DAY)
        if found := TIME.fullmatch(text):
            hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
            if half and 1 <= hour <= HALF_DAY:
                hour = hour % HALF_DAY + (HALF_DAY if half == "pm" else 0)
            elif half or not found[2]:
                hour = -1  # 0am, or a bare number
            try:
                return dt.time(hour, minute)
            except ValueError:
                pass
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class Domains(CleanText):
    """E-mail domains, one a line; gives them as they are kept, each once, in order."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(max_length=2000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Domains that are kept, one a line."""
        return "\n".join(value) if isinstance(value, list) else super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        """The list of domains."""
        typed = re.split(r"[\s,;]+", super().to_python(value))
        found, wrong = set(), []
        for each in filter(None, typed):
            try:
                found.add(normalised(each))
            except NotADomain:
                wrong.append(cleaned(each)[:100])
        if wrong:
            message = _(
                "“%(wrong)s” cannot be a secure e-mail domain. Enter domains of the agency "
                "itself, without a wildcard, like school.example"
            )
            raise ValidationError(message % {"wrong": wrong[0]}, code="invalid")
        if len(found) > MOST_DOMAINS:
            raise ValidationError(
                _("Enter %(most)s domains at the most") % {"most": MOST_DOMAINS}, code="too_many"
            )
        return sorted(found)
