"""What goes out, and to whom: people by name, never "the agency" (P-RELEVANT, ISA-6.1)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.models import User
from workflow.fields import CleanText, IdempotencyKeyField, TickChoices


class ReleaseForm(forms.Form):
    """The answers to release, the people who may read them, and a note."""

    idempotency_key = IdempotencyKeyField()
    answers = TickChoices(
        label=_("Which answers do you release?"),
        choices=[],
        name_in_errors=_("at least one answer to release"),
    )
    recipients = TickChoices(
        label=_("Who may read them?"),
        help_text=_("Nobody else at the agency can open what you release."),
        choices=[],
        name_in_errors=_("at least one person to release it to"),
    )
    note = CleanText(
        label=_("Note to the people you release it to"), max_length=2000, rows=4, required=False
    )

    def __init__(
        self, *args: Any, answers: Sequence[Any], people: Sequence[User], asker: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(answer.pk): answer for answer in answers}
        self.person_by_key = {str(person.pk): person for person in people}
        ticks: Any = self.fields["answers"]
        ticks.choices = [(pk, _named(answer)) for pk, answer in self.by_key.items()]
        described = {pk: each for pk, each in self.by_key.items() if hasattr(each, "about")}
        ticks.widget.hints = {pk: _told(answer) for pk, answer in described.items()}
        names: Any = self.fields["recipients"]
        names.choices = [(pk, _who(person)) for pk, person in self.person_by_key.items()]
        names.widget.hints = {str(asker): _("Made the request")}
        names.initial = [str(asker)] if str(asker) in self.person_by_key else []

    def clean_answers(self) -> list[Any]:
        """The answers, not their keys."""
        return [self.by_key[pk] for pk in self.cleaned_data["answers"]]

    def clean_recipients(self) -> list[User]:
        """The people, not their keys."""
        return [self.person_by_key[pk] for pk in self.cleaned_data["recipients"]]


def _named(answer: Any) -> str:
    return f"{answer.holder}: {answer.get_outcome_display()}"


def _told(answer: Any) -> str:
    """How much goes out with an answer, about whom, and whether it went out before."""
    count = answer.accepted
    said: list[Any] = []
    if answer.outcome in ("share", "part"):
        pieces = ngettext(
            "%s accepted piece of information", "%s accepted pieces of information", count
        )
        said.append(pieces % count)
    if answer.outcome in ("part", "no_share"):
        said.append(_("the reasons for what was not shared"))
    if answer.outcome == "not_known":
        said.append(_("no information"))
    if answer.released_before:
        said.append(_("released before, on %s") % answer.released_before)
    return ". ".join([capfirst("; ".join(map(str, said))), *answer.about.briefly])


def _who(person: User) -> str:
    return f"{person}, {person.job_title}" if person.job_title else str(person)
