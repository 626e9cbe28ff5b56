"""What a requester is asked about the request itself."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.partnership.models import Partnership
from agreement.choices import Purpose
from requests_app.choices import ConsentAnswer, ConsentHow, NotSoughtReason, ParentsTold, Rating
from workflow.fields import CleanText, DateField, IdempotencyKeyField, RadioChoice, TickChoices


class StartForm(forms.Form):
    """Nothing to fill in: the button that begins a request."""

    idempotency_key = IdempotencyKeyField()


class PurposeForm(forms.Form):
    """Which of the agreement's purposes, and in words why (ISA-3.1, ISA-3.5)."""

    purposes = TickChoices(
        label=_("Which purposes of the agreement does it serve?"),
        help_text=_("Tick all that apply."),
        choices=Purpose.choices,
        name_in_errors=_("at least one purpose"),
    )
    reason = CleanText(
        label=_("Why are you asking?"),
        help_text=_(
            "Say what has happened and what you are worried about. Include only what is "
            "needed. The front door may let the agencies that it asks read this."
        ),
        max_length=4000,
        rows=8,
        name_in_errors=_("why you are asking"),
    )

    def __init__(self, *args: Any, offered: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes: Any = self.fields["purposes"]
        purposes.choices = offered  # those of the edition in force (ISA-5.3)


class RatingForm(forms.Form):
    """How urgent, with what each rating means here (P-TIMELY)."""

    rating = RadioChoice(
        label=_("How urgent is it?"), choices=Rating.choices, name_in_errors=_("how urgent it is")
    )
    reason = CleanText(
        label=_("Why have you chosen this rating?"),
        max_length=2000,
        rows=4,
        name_in_errors=_("why you have chosen this rating"),
    )

    def __init__(
        self, *args: Any, partnership: Partnership, due: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        sent = _("If you send it now, an answer is due %s")
        said = {
            Rating.RED: [
                _("A child may come to serious harm very soon."),
                sent % due[Rating.RED],
                _("(within %s hours, day and night).") % partnership.red_hours,
            ],
            Rating.AMBER: [
                _("A child may be at risk, and it cannot wait long."),
                sent % due[Rating.AMBER],
                _("(within %s working hours).") % partnership.amber_hours,
            ],
            Rating.GREEN: [
                _("Nobody is in danger at the moment."),
                sent % due[Rating.GREEN],
                _("(within %s working hours).") % partnership.green_hours,
            ],
        }
        hints = {code.value: " ".join(map(str, parts)) for code, parts in said.items()}
        self.fields["rating"].widget.hints = hints


class ParentsForm(forms.Form):
    """Whether parents or carers know of the request, and if not, why (ISA-3.8)."""

    told = RadioChoice(
        label=_("Have you told the parents or carers about this request?"),
        help_text=_("Tell them, unless that could put a child or somebody else at risk."),
        choices=ParentsTold.choices,
        reveals={ParentsTold.NO.value: "reason"},
        name_in_errors=_("whether you have told the parents or carers"),
        heading=True,
    )
    reason = CleanText(
        label=_("Why have they not been told?"),
        max_length=2000,
        rows=4,
        required=False,
        name_in_errors=_("why they have not been told"),
    )

    def clean(self) -> dict[str, Any]:
        """A reason is due where they were not told, and kept only there."""
        given = super().clean() or {}
        if given.get("told") == ParentsTold.YES:
            given["reason"] = ""
        elif given.get("told") and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Enter why they have not been told"))
        return given


class ConsentForm(forms.Form):
    """What became of consent; never one yes or no (C-CONSENT)."""

    answer = RadioChoice(
        label=_("What is the position on consent?"),
        help_text=_("Consent of the child or young person, or of a parent or carer."),
        choices=[
            (ConsentAnswer.GIVEN.value, ConsentAnswer.GIVEN.label),
            (ConsentAnswer.REFUSED.value, ConsentAnswer.REFUSED.label),
            (ConsentAnswer.WITHDRAWN.value, ConsentAnswer.WITHDRAWN.label),
            (
                ConsentAnswer.NOT_SOUGHT.value,
                ConsentAnswer.NOT_SOUGHT.label,
                _("You do not need consent where a child is at risk. You will be asked for why."),
            ),
            (ConsentAnswer.NOT_ABLE.value, ConsentAnswer.NOT_ABLE.label),
        ],
        name_in_errors=_("the position on consent"),
    )


class ConsentDetailsForm(forms.Form):
    """What is asked about consent once its answer is known: each answer has its own fields."""

    asked_of = CleanText(
        label=_("Who gave it?"),
        help_text=_("Their name, and what they are to the child."),
        max_length=200,
        name_in_errors=_("who gave it"),
    )
    covers = CleanText(
        label=_("What does it cover?"),
        help_text=_("What may be shared, with whom, and what they were told about that."),
        max_length=2000,
        rows=4,
        name_in_errors=_("what it covers"),
    )
    how = RadioChoice(
        label=_("How was it given?"),
        choices=ConsentHow.choices,
        name_in_errors=_("how it was given"),
    )
    on = DateField(label=_("When was it given?"), past=True, name_in_errors=_("when it was given"))
    why_not = RadioChoice(
        label=_("Why was it not sought?"),
        choices=NotSoughtReason.choices,
        name_in_errors=_("why it was not sought"),
    )
    explanation = CleanText(
        label=_("Explain this for this child"),
        max_length=2000,
        rows=4,
        name_in_errors=_("an explanation"),
    )

    ASKED = {
        ConsentAnswer.GIVEN: ("asked_of", "covers", "how", "on"),
        ConsentAnswer.REFUSED: ("asked_of", "on", "explanation"),
        ConsentAnswer.WITHDRAWN: ("asked_of", "covers", "on", "explanation"),
        ConsentAnswer.NOT_SOUGHT: ("why_not", "explanation"),
        ConsentAnswer.NOT_ABLE: ("asked_of", "explanation"),
    }
    SAID = {
        (ConsentAnswer.REFUSED, "asked_of"): (_("Who refused it?"), _("who refused it")),
        (ConsentAnswer.REFUSED, "on"): (_("When was it refused?"), _("when it was refused")),
        (ConsentAnswer.REFUSED, "explanation"): (
            _("Why are you still making this request?"),
            _("why you are still making this request"),
        ),
        (ConsentAnswer.WITHDRAWN, "covers"): (_("What did it cover?"), _("what it covered")),
        (ConsentAnswer.WITHDRAWN, "on"): (_("When was it withdrawn?"), _("when it was withdrawn")),
        (ConsentAnswer.WITHDRAWN, "explanation"): (
            _("Why are you still making this request?"),
            _("why you are still making this request"),
        ),
        (ConsentAnswer.NOT_ABLE, "asked_of"): (
            _("Who is not able to give it?"),
            _("who is not able to give it"),
        ),
        (ConsentAnswer.NOT_ABLE, "explanation"): (
            _("Why are they not able to give it?"),
            _("why they are not able to give it"),
        ),
    }

    def __init__(self, *args: Any, answer: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.ASKED[ConsentAnswer(answer)]
        self.fields = {name: self.fields[name] for name in asked}
        for name in asked:
            field: Any = self.fields[name]
            if said := self.SAID.get((ConsentAnswer(answer), name)):
                field.label, field.name_in_errors = said


class AnswerForm(forms.Form):
    """The answer to one of the front door's questions."""

    answer = CleanText(
        label=_("Your answer"), max_length=4000, rows=6, name_in_errors=_("your answer")
    )


class NeedForm(forms.Form):
    """One fact that is needed, and why (P-NECESSARY)."""

    idempotency_key = IdempotencyKeyField()
    fact = CleanText(
        label=_("What do you need to know?"),
        help_text=_("One question. Ask for no more than you need."),
        max_length=500,
        rows=3,
        name_in_errors=_("what you need to know"),
    )
    why = CleanText(
        label=_("Why do you need to know it?"),
        max_length=2000,
        rows=4,
        name_in_errors=_("why you need to know it"),
    )
