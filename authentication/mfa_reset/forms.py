"""Forms about resets of second factors."""

from django import forms
from django.utils.translation import gettext_lazy as _

from authentication.models import FactorReset
from workflow.fields import IdempotencyKeyField, RadioChoice


class AskForm(forms.Form):
    """Ask for a reset."""

    idempotency_key = IdempotencyKeyField()
    known = RadioChoice(
        label=_("How do you know that it is them?"),
        choices=FactorReset.Known.choices,
        name_in_errors=_("how you know that it is them"),
    )
