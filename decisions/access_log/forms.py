"""Whose entries, and between which two times."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from workflow.fields import CleanText, DateField
from workflow.times import TimeField, first_moment, is_skipped, last_moment

LONGEST = 254  # characters of an email address
A_MINUTE = timedelta(minutes=1)


class SeenForm(forms.Form):
    """One person, by their email address; a first and a last day, and a time on each."""

    email = CleanText(
        label=_("Email address of the person"),
        max_length=LONGEST,
        name_in_errors=_("the email address"),
    )
    since = DateField(label=_("From"), past=True, name_in_errors=_("the first day"))
    since_time = TimeField(
        label=_("Time on the first day"),
        required=False,
        help_text=_("For example, 9:30. Leave empty for the beginning of the day."),
        name_in_errors=_("the time on the first day"),
    )
    until = DateField(label=_("To"), name_in_errors=_("the last day"))
    until_time = TimeField(
        label=_("Time on the last day"),
        required=False,
        help_text=_("For example, 17:05, which is included. Leave empty for the end of the day."),
        name_in_errors=_("the time on the last day"),
    )

    def clean(self) -> dict[str, Any]:
        """Somebody has the address; the end is not before the beginning."""
        given = super().clean() or {}
        if email := given.get("email"):
            given["person"] = User.objects.filter(email__iexact=email).first()
            if given["person"] is None:
                self.add_error("email", _("Nobody at the portal has this email address"))
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must be the first day or after it"))
        elif until == date.max:
            self.add_error("until", _("Enter an earlier last day"))
        for name in ("since", "until"):
            clock = given.get(f"{name}_time")
            if clock and (day := given.get(name)) and is_skipped(datetime.combine(day, clock)):
                self.add_error(f"{name}_time", _("Clocks went forward over this time that day"))
        if since and until and not self.errors:
            first, after = self.between
            if after <= first:
                self.add_error("until_time", _("The last time must be the first time or after it"))
        return given

    @classmethod
    def of(cls, query: QueryDict) -> "SeenForm":
        """What `query` asks, to be checked; the empty form where it holds none of the fields."""
        asks = any(
            not field.widget.value_omitted_from_data(query, {}, name)
            for name, field in cls.base_fields.items()
        )
        return cls(query) if asks else cls()

    @property
    def between(self) -> tuple[datetime, datetime]:
        """From the beginning of the first minute to the end of the last, as clocks here show."""
        given = self.cleaned_data
        first = datetime.combine(given["since"], given["since_time"] or time())
        last = datetime.combine(given["until"], given["until_time"] or time(23, 59))
        return first_moment(first), last_moment(last) + A_MINUTE
