"""What a responsible manager is asked before signing, and the office before suspending."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreement.signing.actions import oldest_assessment
from workflow.fields import CleanText, Confirm, DateField, IdempotencyKeyField


class SigningForm(forms.Form):
    """The privacy impact assessment, and that the manager signs (ISA-7.4)."""

    edition = forms.UUIDField(widget=forms.HiddenInput, required=False)
    assessed_on = DateField(
        label=_("When was the privacy impact assessment made?"),
        past=True,
        name_in_errors=_("the date of the assessment"),
    )
    assessed_by = CleanText(
        label=_("Who made it?"),
        help_text=_("A post or a team, for example: information governance lead"),
        max_length=150,
        name_in_errors=_("who made the assessment"),
    )
    controls = CleanText(
        label=_("Which controls came of it?"),
        help_text=_("How your agency keeps what it shares and receives safe and private."),
        max_length=4000,
        rows=6,
        name_in_errors=_("the controls"),
    )
    sure = Confirm(
        label=_("I have read this edition, and sign it for my agency"),
        error_messages={"required": _("Tick the box to sign")},
    )

    def clean_assessed_on(self) -> dt.date:
        """Not so old that it says little about today."""
        made: dt.date = self.cleaned_data["assessed_on"]
        if made < oldest_assessment(timezone.localdate()):
            raise ValidationError(
                _("The assessment is more than 3 years old. Make a new one before you sign."),
                code="old",
            )
        return made

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes."""
        return {k: v for k, v in self.cleaned_data.items() if k not in {"edition", "sure"}}


class SuspendForm(forms.Form):
    """Why an agency takes no part for a time."""

    idempotency_key = IdempotencyKeyField()
    reason = CleanText(
        label=_("Why is the agency suspended?"),
        help_text=_("Its responsible manager and its single point of contact read this."),
        max_length=2000,
        rows=5,
        name_in_errors=_("why the agency is suspended"),
    )


class LiftForm(forms.Form):
    """Why it takes part again."""

    reason = CleanText(
        label=_("Why is the suspension lifted?"),
        max_length=2000,
        rows=4,
        name_in_errors=_("why the suspension is lifted"),
    )
