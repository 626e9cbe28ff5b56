"""What the office and the partners are asked about an edition."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreement.choices import SIGN_BY, Condition, Purpose
from agreement.flows import flows
from agreement.models import YearlyReview
from workflow.clean import showable
from workflow.fields import (
    CleanText,
    Confirm,
    DateField,
    IdempotencyKeyField,
    RadioChoice,
    TickChoices,
)
from workflow.versions import VersionField

AGREE, DISAGREE = "agree", "disagree"
LONGEST = 100_000


class EditionForm(forms.Form):
    """All that an edition says (ISA-5.3, ISA-9.2)."""

    idempotency_key = IdempotencyKeyField()
    expected_version = VersionField()
    title = CleanText(label=_("Title"), max_length=150, name_in_errors=_("the title"))
    changes = CleanText(
        label=_("What changes, and why?"),
        help_text=_("The partners read this first."),
        max_length=4000,
        rows=5,
        name_in_errors=_("what changes, and why"),
    )
    text = CleanText(
        label=_("Text"),
        help_text=_(
            "Leave an empty line between paragraphs. A line that begins with # is a heading, "
            "lines that begin with - are a list."
        ),
        max_length=LONGEST,
        rows=25,
        name_in_errors=_("the text"),
    )
    purposes = TickChoices(
        label=_("Purposes for which information may be shared"),
        choices=Purpose.choices,
        name_in_errors=_("at least one purpose"),
    )
    conditions = TickChoices(
        label=_("Special category conditions that may be relied on"),
        choices=Condition.choices,
        name_in_errors=_("at least one condition"),
    )
    flow = RadioChoice(
        label=_("Decision flow that it brings"), choices=[], name_in_errors=_("the decision flow")
    )
    sign_by_days = RadioChoice(
        label=_("How long do agencies have to sign it?"),
        help_text=_("From the day on which it comes into force."),
        choices=[(str(days), words) for days, words in SIGN_BY.items()],
        inline=True,
        name_in_errors=_("how long agencies have to sign it"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["flow"]
        field.choices = [(name, flow.title) for name, flow in flows().items()]

    def clean_sign_by_days(self) -> int:
        """A number of days."""
        return int(self.cleaned_data["sign_by_days"])

    @property
    def said(self) -> dict[str, Any]:
        """What the actions take, without what only protects the page."""
        return {
            k: v
            for k, v in self.cleaned_data.items()
            if k not in {"idempotency_key", "expected_version"}
        }


class WhyForm(forms.Form):
    """Why an edition is given up."""

    reason = CleanText(
        label=_("Why is it withdrawn?"),
        max_length=2000,
        rows=4,
        name_in_errors=_("why it is withdrawn"),
    )


class VoiceForm(forms.Form):
    """What a statutory partner says to a proposed edition."""

    said = RadioChoice(
        label=_("Does your organisation agree to this edition?"),
        choices=[(AGREE, _("Yes, we agree")), (DISAGREE, _("No, we do not agree"))],
        reveals={AGREE: "remarks", DISAGREE: "reasons"},
        name_in_errors=_("whether your organisation agrees"),
    )
    remarks = CleanText(label=_("Remarks"), required=False, max_length=4000, rows=3)
    reasons = CleanText(
        label=_("Why not, and what would have to change?"), required=False, max_length=4000, rows=5
    )

    def clean(self) -> dict[str, Any]:
        """Who does not agree says why."""
        given = super().clean() or {}
        no = given.get("said") == DISAGREE and "reasons" not in self.errors
        if no and not given.get("reasons"):
            self.add_error("reasons", _("Enter why your organisation does not agree"))
        return given

    @property
    def words(self) -> str:
        """The words that belong to what was said."""
        field = "remarks" if self.cleaned_data["said"] == AGREE else "reasons"
        return str(self.cleaned_data[field])


class DueField(forms.DateField):
    """Hidden: the due date for which the page was opened."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What the page carries again, if it can hold it."""
        return showable(value)


class ReviewForm(forms.Form):
    """What came of a yearly review (ISA-5.2)."""

    idempotency_key = IdempotencyKeyField()
    due_on = DueField()
    held_on = DateField(
        label=_("When was the review held?"),
        past=True,
        name_in_errors=_("the date of the review"),
    )
    outcome = RadioChoice(
        label=_("What came of it?"),
        choices=[
            (YearlyReview.Outcome.NO_CHANGE.value, YearlyReview.Outcome.NO_CHANGE.label),
            (
                YearlyReview.Outcome.CHANGE.value,
                YearlyReview.Outcome.CHANGE.label,
                _("A draft of a new edition is begun, for the partnership’s office to work on."),
            ),
        ],
        name_in_errors=_("what came of it"),
    )
    notes = CleanText(
        label=_("What was considered?"),
        max_length=4000,
        rows=5,
        name_in_errors=_("what was considered"),
    )


class SureForm(forms.Form):
    """A partner's text is final from here."""

    sure = Confirm(label=_("I have read it, and it can go to the statutory partners as it is"))
