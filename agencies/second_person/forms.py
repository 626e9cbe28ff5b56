"""What waits for a second person: confirm, refuse or withdraw each; nothing is chosen before."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.second_person.actions import DECIDE
from agencies.second_person.selectors import Waiting
from workflow.fields import RadioChoice

PREFIX = "proposal-"
FOR_OTHERS = [("confirm", _("Confirm")), ("refuse", _("Refuse"))]
FOR_ONES_OWN = [("withdraw", _("Withdraw"))]


class DecideForm(forms.Form):
    """One choice for each, which may be left open."""

    def __init__(self, *args: Any, waiting: Iterable[Waiting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in waiting:
            self.fields[f"{PREFIX}{each.proposal.pk}"] = RadioChoice(
                label=f"{each.what}: {each.who}",
                choices=FOR_ONES_OWN if each.is_own else FOR_OTHERS,
                required=False,
                inline=True,
            )

    def clean(self) -> dict[str, Any]:
        """At least one of them."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(_("Choose for at least one of them"), code="required")
        return cleaned

    def said(self) -> dict[UUID, str]:
        """What was chosen, by the proposal's id."""
        return {
            UUID(name.removeprefix(PREFIX)): choice
            for name, choice in self.cleaned_data.items()
            if choice in DECIDE
        }


def posted(data: QueryDict) -> list[UUID]:
    """The proposals that a page spoke of, whether or not they wait still."""
    found = []
    for name in data:
        try:
            found += [UUID(name.removeprefix(PREFIX))] if name.startswith(PREFIX) else []
        except ValueError:
            continue
    return found
