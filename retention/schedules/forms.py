"""How long an agency keeps a class of record (ISA-8.2)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from retention.choices import RecordClass, Start, classes_for
from workflow.fields import CleanText, DateField, IdempotencyKeyField, RadioChoice

LONGEST = 1200  # months: a hundred years


class ScheduleForm(forms.Form):
    """For so many months from an event, or without an end, with a reason and a review."""

    idempotency_key = IdempotencyKeyField()
    record_class = RadioChoice(
        label=_("Which records?"),
        choices=RecordClass.choices,
        name_in_errors=_("which records it is for"),
    )
    starts = RadioChoice(
        label=_("From when is the time counted?"),
        choices=Start.choices,
        name_in_errors=_("from when the time is counted"),
    )
    months = CleanText(
        label=_("For how many months are they kept?"),
        help_text=_("Leave this empty to keep them with no end date."),
        max_length=4,
        width=4,
        required=False,
        name_in_errors=_("the number of months"),
    )
    reason = CleanText(
        label=_("If there is no end date: why?"),
        max_length=1000,
        rows=3,
        required=False,
        due_with="months",
    )
    review_on = DateField(
        label=_("If there is no end date: when is that reviewed?"),
        future=True,
        required=False,
        due_with="months",
        name_in_errors=_("the day of the review"),
    )

    def __init__(self, *args: Any, is_front_door: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes: Any = self.fields["record_class"]
        given = classes_for(is_front_door=is_front_door)
        classes.choices = [(each.value, each.label) for each in given]

    def clean_months(self) -> int | None:
        """A whole number from 0 to 1,200, or None."""
        typed = self.cleaned_data["months"]
        if not typed:
            return None
        if not (typed.isascii() and typed.isdecimal() and int(typed) <= LONGEST):
            raise forms.ValidationError(_("Enter a whole number of months from 0 to 1200"))
        return int(typed)

    def clean(self) -> dict[str, Any]:
        """Without an end there is a reason and a review; with one there is neither."""
        given = super().clean() or {}
        if "months" not in given:
            return given
        if given["months"] is None:
            if not given.get("reason"):
                self.add_error("reason", _("Enter why these records are kept with no end date"))
            if not given.get("review_on") and "review_on" not in self.errors:
                self.add_error("review_on", _("Enter when that is reviewed"))
        elif given.get("reason") or given.get("review_on"):
            self.add_error("months", _("Leave the months empty, or the reason and the review"))
        return given
