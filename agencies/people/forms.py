"""What is asked of those who keep an agency's people."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Role
from workflow.fields import Confirm, RadioChoice, TickChoices
from workflow.versions import VersionField

HINTS: dict[str, Any] = {
    Role.REQUESTER: _("Asks the front door for information, and reads what is released"),
    Role.IFD_OFFICER: _("Checks requests, asks agencies, and releases what they share"),
    Role.SPOC: _("Answers the agency’s checks, and manages its people"),
    Role.MANAGER: _("As the single point of contact, and signs the agreement"),
    Role.ADVISER: _("Advises on a decision without seeing who it is about"),
    Role.PARTNER: _("Scrutinises decisions not to share, and agrees changes to the agreement"),
    Role.ADMINISTRATOR: _("Manages the register and the people; never reads a case"),
}


class WhySuspended(models.TextChoices):
    """Why somebody is suspended: a code from a list, so that nothing is written of them."""

    ABSENT = "absent", _("Away for a longer time")
    CHECKS = "checks", _("Checks are being made again")
    INQUIRY = "inquiry", _("Something is being looked into")
    OTHER = "other", _("Another reason, known to the agency")


class RolesForm(forms.Form):
    """Which roles, out of those that the person may give."""

    roles = TickChoices(
        label=_("Roles"),
        choices=[],
        name_in_errors=_("at least one role"),
    )

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["roles"]
        field.choices = [(role.value, role.label) for role in roles]
        field.widget.hints = {role.value: HINTS[role] for role in roles}

    def clean_roles(self) -> list[Role]:
        """As roles."""
        return [Role(each) for each in self.cleaned_data["roles"]]


class ChangeRolesForm(RolesForm):
    """Another set of roles for a member, who may be left with those that others gave."""

    expected_version = VersionField()

    def __init__(self, *args: Any, others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].required = not others


class SuspendForm(forms.Form):
    """Why: from a list, so that nothing is written about the person."""

    reason = RadioChoice(
        label=_("Why is the access suspended?"),
        choices=WhySuspended.choices,
        name_in_errors=_("why the access is suspended"),
    )


class SureForm(forms.Form):
    """A step that cannot be taken back by the next click."""

    sure = Confirm(label=_("I am sure"))

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].label = label


def sure_form(request: HttpRequest, label: Any) -> SureForm:
    """The form, filled in if it was sent."""
    return SureForm(request.POST if request.method == "POST" else None, label=label)
