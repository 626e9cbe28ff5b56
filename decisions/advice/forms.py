"""Asking for advice without naming anybody, and what came of it (F-ADVICE)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from requests_app.choices import DETAILS
from requests_app.identities import named_in
from workflow.fields import CleanText, IdempotencyKeyField


class SeekAdviceForm(forms.Form):
    """The question for the adviser; it must hold nobody's identity."""

    idempotency_key = IdempotencyKeyField()
    question = CleanText(
        label=_("What do you want advice on?"),
        help_text=_("Describe the situation without names, dates of birth, numbers or addresses."),
        max_length=4000,
        rows=6,
        name_in_errors=_("what you want advice on"),
    )

    def __init__(self, *args: Any, people: Iterable[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(people)

    def clean_question(self) -> str:
        """Refused if it holds a detail of somebody in the check; rule 3 of the golden rules."""
        question: str = self.cleaned_data["question"]
        if found := named_in(question, self.people):
            what = ", ".join(str(label) for code, label in DETAILS.items() if code in found)
            raise forms.ValidationError(
                _now("Take out what says who it is about. Your question contains: %s") % what
            )
        return question


class AdviceForm(forms.Form):
    """The adviser's answer."""

    outcome = CleanText(
        label=_("Your advice"),
        help_text=_("It becomes part of the record of the decision."),
        max_length=4000,
        rows=8,
        name_in_errors=_("your advice"),
    )


class NoteAdviceForm(forms.Form):
    """The outcome of a discussion that took place elsewhere."""

    outcome = CleanText(
        label=_("What was the outcome of the discussion?"),
        help_text=_("Say with whom you spoke, by role, and what they advised."),
        max_length=4000,
        rows=8,
        name_in_errors=_("the outcome of the discussion"),
    )
