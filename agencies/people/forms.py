"""What is asked of those who keep an agency's people."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies.addresses import NotAnAddress, inside
from agencies.invitations.selectors import was_sent, why_not_invited
from agencies.models import Agency, OrganisationalCheck
from agencies.permissions import Role
from workflow.dates import later
from workflow.fields import (
    CleanText,
    Confirm,
    DateField,
    IdempotencyKeyField,
    RadioChoice,
    TickChoices,
)
from workflow.versions import VersionField

HINTS: dict[str, Any] = {
    Role.REQUESTER: _("Asks the front door for information, and reads what is released"),
    Role.IFD_OFFICER: _("Checks requests, asks agencies, and releases what they share"),
    Role.SPOC: _("Answers what the agency is asked, and keeps its people"),
    Role.MANAGER: _("As the single point of contact, and signs the agreement"),
    Role.ADVISER: _("Advises on a decision without seeing who it is about"),
    Role.PARTNER: _("Scrutinises decisions not to share, and agrees changes to the agreement"),
    Role.ADMINISTRATOR: _("Keeps the register and the people; never reads a case"),
}
LONGEST_CHECK_YEARS = 10


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


class InviteForm(RolesForm):
    """An address inside the agency's domains, and its roles."""

    idempotency_key = IdempotencyKeyField()
    address = CleanText(
        label=_("Work e-mail address"),
        max_length=254,
        name_in_errors=_("a work e-mail address"),
    )
    field_order = ["address", "roles", "idempotency_key"]

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        listed = ", ".join(f"@{domain}" for domain in sorted(agency.domains))
        if listed:
            self.fields["address"].help_text = _("It must end in one of these: %s") % listed

    def clean_address(self) -> str:
        """The address as it is kept."""
        try:
            return inside(self.cleaned_data["address"], self.agency.domains)
        except NotAnAddress as problem:
            raise ValidationError(str(problem), code="address") from None

    def clean(self) -> dict[str, Any]:
        """Somebody who is there already need not be invited; a doubled post is for the action."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_first = "address" in cleaned and not was_sent(cleaned["idempotency_key"])
        if is_first and (problem := why_not_invited(self.agency, cleaned["address"])):
            self.add_error("address", problem)
        return cleaned


class ChangeRolesForm(RolesForm):
    """Another set of roles for a member, who may be left with those that others gave."""

    expected_version = VersionField()

    def __init__(self, *args: Any, others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].required = not others


class CheckForm(forms.Form):
    """That a check was made: which, when, by whom, until when it holds. Never what it found."""

    idempotency_key = IdempotencyKeyField()
    kind = RadioChoice(
        label=_("Which check was made?"),
        choices=OrganisationalCheck.Kind.choices,
        name_in_errors=_("which check was made"),
    )
    made_on = DateField(
        label=_("When was it made?"), past=True, name_in_errors=_("the date of the check")
    )
    made_by = CleanText(
        label=_("Who made it?"),
        help_text=_("A body or a post, such as “Human resources”. Nothing of what it found."),
        max_length=150,
        name_in_errors=_("who made the check"),
    )
    expires = DateField(
        label=_("Until when does it hold?"),
        future=True,
        help_text=_("Your agency’s policy says when a check has to be made again."),
        name_in_errors=_("the last day on which the check holds"),
    )

    def clean(self) -> dict[str, Any]:
        """It ends after it began, and within reason."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        made, expires = cleaned.get("made_on"), cleaned.get("expires")
        if made and expires and expires <= made:
            self.add_error("expires", _("The check must hold until after the day it was made"))
        elif made and expires and expires > later(made, years=LONGEST_CHECK_YEARS):
            self.add_error("expires", _("A check holds for 10 years at the most"))
        return cleaned


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
