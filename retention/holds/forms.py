"""What placing a hold asks, and the one tick before a step that cannot be taken back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from retention.choices import HoldReason
from workflow.fields import CleanText, DateField, IdempotencyKeyField, RadioChoice

TEXT = 2000


class HoldForm(forms.Form):
    """Why a record is kept whatever its schedule says, and when that is looked at again."""

    idempotency_key = IdempotencyKeyField()
    reason = RadioChoice(
        label=_("Why must this record be kept?"),
        choices=HoldReason.choices,
        name_in_errors=_("why this record must be kept"),
    )
    in_words = CleanText(
        label=_("Which proceedings, and who asked for it?"),
        help_text=_("The front door reads this."),
        max_length=TEXT,
        rows=4,
        name_in_errors=_("which proceedings, and who asked for it"),
    )
    review_on = DateField(
        label=_("When will you review it?"),
        help_text=_("The hold stays on after this day, until your agency lifts it."),
        future=True,
        name_in_errors=_("the day when you will review it"),
    )
