"""Whose looks, and between which days."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from workflow.fields import CleanText, DateField

LONGEST = 254  # characters of an email address


class SeenForm(forms.Form):
    """One person, by their email address, and a first and a last day."""

    email = CleanText(
        label=_("Email address of the person"),
        max_length=LONGEST,
        name_in_errors=_("the email address"),
    )
    since = DateField(label=_("From"), past=True, name_in_errors=_("the first day"))
    until = DateField(label=_("To"), name_in_errors=_("the last day"))

    def clean(self) -> dict[str, Any]:
        """Somebody has the address; the last day is not before the first."""
        given = super().clean() or {}
        if email := given.get("email"):
            given["person"] = User.objects.filter(email__iexact=email).first()
            if given["person"] is None:
                self.add_error("email", _("Nobody at the portal has this email address"))
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must be the first day or after it"))
        if until == date.max:
            self.add_error("until", _("Enter an earlier last day"))
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
        """From the beginning of the first day to the end of the last."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        after = until + timedelta(days=1)
        return make_aware(datetime.combine(since, time())), make_aware(
            datetime.combine(after, time())
        )
