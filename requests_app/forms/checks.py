"""What is asked of those who answer an agency check, apart from what they hold."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from workflow.fields import CleanText, SelectChoice


class HandForm(forms.Form):
    """To which colleague the check goes; ``cleaned_data["colleague"]`` is the person."""

    colleague = SelectChoice(
        label=_("Who should answer it?"),
        help_text=_("They are told by e-mail, and can open this check from then on."),
        choices=[],
        name_in_errors=_("a colleague"),
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        names = [(pk, _said(person)) for pk, person in self.people.items()]
        self.fields["colleague"].choices = [("", _("Choose one")), *names]  # type: ignore[attr-defined]

    def clean_colleague(self) -> User:
        """The person, not the key."""
        return self.people[self.cleaned_data["colleague"]]


def _said(person: User) -> str:
    return f"{person}, {person.job_title}" if person.job_title else str(person)


class NotKnownForm(forms.Form):
    """What was searched, in a line or two: the shortest answer there is."""

    searched = CleanText(
        label=_("What did you search?"),
        help_text=_(
            "For example, patient records since 2015 and the visitor book, by name and birth date. "
            "The front door and the requester read this, with whom you were asked about."
        ),
        max_length=500,
        rows=3,
        name_in_errors=_("what you searched"),
    )
