"""The access review: for each member, confirm or lapse; nothing is chosen beforehand."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.access_review.actions import CONFIRM, LAPSE
from agencies.models import Membership
from workflow.fields import RadioChoice

CHOICES = [(CONFIRM, _("Still needs access")), (LAPSE, _("Access ends now"))]


class ReviewForm(forms.Form):
    """One choice a member, each of which may be left open."""

    def __init__(self, *args: Any, members: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {f"member-{each.pk}": each.pk for each in members}
        for (name, _pk), each in zip(self.members.items(), members, strict=True):
            self.fields[name] = RadioChoice(
                label=str(each.user), choices=CHOICES, required=False, inline=True
            )

    def clean(self) -> dict[str, Any]:
        """At least one of them."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(_("Choose for at least one person"), code="required")
        return cleaned

    def said(self) -> dict[UUID, str]:
        """What was chosen, by the member's id."""
        return {
            pk: self.cleaned_data[name]
            for name, pk in self.members.items()
            if self.cleaned_data.get(name)
        }
