"""What is asked about a check that was made on a person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Vetting
from workflow.dates import later
from workflow.fields import CleanText, DateField, IdempotencyKeyField, RadioChoice

LONGEST_CHECK_YEARS = 10


class CheckForm(forms.Form):
    """That a check was made: which, when, by whom, until when it holds. Never what it found."""

    idempotency_key = IdempotencyKeyField()
    kind = RadioChoice(
        label=_("Which check was made?"),
        choices=Vetting.Kind.choices,
        name_in_errors=_("which check was made"),
    )
    made_on = DateField(
        label=_("When was it made?"), past=True, name_in_errors=_("the date of the check")
    )
    made_by = CleanText(
        label=_("Who made it?"),
        help_text=_("A body or a post, such as “Human resources”. Nothing of what it found."),
        max_length=150,
        name_in_errors=_("who made the check"),
    )
    expires = DateField(
        label=_("When does it expire?"),
        future=True,
        help_text=_("Your agency’s policy says when a check has to be made again."),
        name_in_errors=_("when the check expires"),
    )

    def clean(self) -> dict[str, Any]:
        """It ends after it began, and within reason."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        made, expires = cleaned.get("made_on"), cleaned.get("expires")
        if made and expires and expires <= made:
            self.add_error("expires", _("The check must expire after the day it was made"))
        elif made and expires and expires > later(made, years=LONGEST_CHECK_YEARS):
            self.add_error("expires", _("A check can be valid for 10 years at most"))
        return cleaned
