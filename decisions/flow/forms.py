"""One question of the flow, and which pieces of information to decide apart."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from decisions.flow.protocol import Step
from decisions.flow.selectors import label_of
from decisions.models import Answer
from requests_app.models import Item
from workflow.fields import CleanText, IdempotencyKeyField, RadioChoice, TickChoices
from workflow.versions import VersionField


class OnceForm(forms.Form):
    """Only the token that makes a doubled click one."""

    idempotency_key = IdempotencyKeyField()


class StepForm(forms.Form):
    """The answer and its reasons; the question itself is the edition's."""

    expected_version = VersionField()
    choice = RadioChoice(label="", choices=[], heading=True, inline=True)
    reasons = CleanText(
        label=_("Your reasons"),
        help_text=_(
            "A sentence or two, for your agency’s record. The safeguarding partners can read it; "
            "the front door and the requester cannot."
        ),
        max_length=4000,
        rows=5,
        name_in_errors=_("your reasons"),
    )

    def __init__(self, *args: Any, step: Step, answer: Answer | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"expected_version": 0}
        if answer is not None:
            kwargs["initial"] = {
                "expected_version": answer.version,
                "choice": answer.choice,
                "reasons": answer.reasons,
            }
        super().__init__(*args, **kwargs)
        field: Any = self.fields["choice"]
        field.label, field.help_text = step.ask, step.hint
        field.choices = [(choice, label_of(choice)) for choice in step.answers]
        first, *others = [label for _code, label in field.choices]
        field.error_messages["required"] = _("Select %(choices)s") % {
            "choices": _(" or ").join([first, *others]).lower()
        }


class SplitForm(forms.Form):
    """Which pieces of information to decide in a decision of their own."""

    idempotency_key = IdempotencyKeyField()
    items = TickChoices(
        label=_("Which items need a separate decision?"),
        help_text=_("The answers so far go with them, and you can change those there."),
        choices=[],
        heading=True,
        name_in_errors=_("at least one piece of information"),
    )

    def __init__(self, *args: Any, pieces: Iterable[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces: Mapping[str, Item] = {str(item.pk): item for item in pieces}
        field: Any = self.fields["items"]
        field.choices = [(pk, item.title) for pk, item in self.pieces.items()]

    def clean_items(self) -> list[Item]:
        """The items; not all of them, for then nothing is apart."""
        chosen = [self.pieces[pk] for pk in self.cleaned_data["items"]]
        if len(chosen) == len(self.pieces):
            raise forms.ValidationError(_("Leave at least one piece of information here"))
        return chosen
