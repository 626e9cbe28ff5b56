"""The field for a time of the day, and the moments at which clocks here show it."""

import datetime as dt
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy

from workflow.fields import CleanText

NOON = 12


class TimeField(CleanText):
    """A time of the day on one line, as people write it: 9:30, 14.05, 9am; empty gives None."""

    says = {
        **CleanText.says,
        "invalid": gettext_lazy("%(Name)s must be a time, such as 9:30 or 14:05"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, width=5, **kwargs)

    def clean(self, value: Any) -> dt.time | None:
        """The time; ``invalid`` where the text is none."""
        text = super().clean(value)
        if not text:
            return None
        if found := _time(text):
            return found
        raise ValidationError(self.error_messages["invalid"], code="invalid")


def _time(text: str) -> dt.time | None:
    written = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(?: ?([ap])m)?", text, re.IGNORECASE)
    if not written or not (written[2] or written[3]):
        return None  # a bare number is as likely a day
    hour, minute = int(written[1]), int(written[2] or 0)
    if written[3]:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + NOON * (written[3] in "pP")
    try:
        return dt.time(hour, minute)
    except ValueError:
        return None


def is_skipped(shown: dt.datetime) -> bool:
    """Whether no clock here ever showed it, because clocks went forward over it."""
    return localtime(first_moment(shown)).replace(tzinfo=None) != shown


def first_moment(shown: dt.datetime) -> dt.datetime:
    """When clocks here show it for the first time: an hour comes twice where they go back."""
    return _moment(shown, fold=0)


def last_moment(shown: dt.datetime) -> dt.datetime:
    """When clocks here show it for the last time."""
    return _moment(shown, fold=1)


def _moment(shown: dt.datetime, *, fold: int) -> dt.datetime:
    # In UTC, since arithmetic in a local zone is of what clocks show and forgets which time it is.
    return make_aware(shown.replace(fold=fold)).astimezone(dt.UTC)
