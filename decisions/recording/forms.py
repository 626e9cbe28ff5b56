"""When a decision was made, if that was before it is entered."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.translation import gettext_lazy as _

from workflow.fields import CleanText, DateField
from workflow.times import first_moment, is_skipped, last_moment
from workflow.versions import StateField


class RecordForm(forms.Form):
    """When it was decided, if that was before now."""

    expected_version = StateField()
    on = DateField(
        label=_("Day on which it was decided"),
        past=True,
        required=False,
        due_with="at",
        name_in_errors=_("the day on which it was decided"),
    )
    at = CleanText(
        label=_("Time at which it was decided"),
        help_text=_("For example, 14:30"),
        max_length=5,
        width=5,
        required=False,
        due_with="on",
        error_messages={"max_length": _("Enter the time as hours and minutes, such as 14:30")},
    )

    def __init__(self, *args: Any, asked_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked_at = asked_at

    def clean(self) -> dict[str, Any]:
        """Both or neither; not before the check was put, and not after now."""
        given = super().clean() or {}
        on, at = given.get("on"), given.get("at")
        given["decided_at"] = None
        if self.errors or not (on or at):
            return given
        if not on:
            self.add_error("on", _("Enter the day on which it was decided"))
            return given
        time = _time(at or "")
        if time is None:
            self.add_error("at", _("Enter the time as hours and minutes, such as 14:30"))
            return given
        shown, asked = datetime.combine(on, time), self.asked_at.replace(second=0, microsecond=0)
        if is_skipped(shown):
            self.add_error("at", _("Clocks went forward over this time that day"))
            return given
        moment = first_moment(shown)
        if moment < asked:  # in the hour that comes twice it may have been the second time
            moment = last_moment(shown)
        if moment > timezone.now():
            self.add_error("at", _("The time at which it was decided must be in the past"))
        elif moment < asked:
            self.add_error("on", _("It cannot have been decided before the check was sent to you"))
        given["decided_at"] = moment
        return given


def _time(typed: str) -> Any:
    try:
        return parse_time(typed.replace(".", ":"))
    except ValueError:
        return None
