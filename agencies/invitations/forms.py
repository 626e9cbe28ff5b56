"""What is asked of whoever invites, and of somebody new who accepts."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.addresses import NotAnAddress, inside
from agencies.invitations.selectors import was_sent, why_not_invited
from agencies.models import Agency, User
from agencies.people.forms import RolesForm
from workflow.clean import broken
from workflow.fields import CleanText, IdempotencyKeyField


class NewAccountForm(forms.Form):
    """Name, post and password of somebody who has no account yet."""

    given_name = CleanText(
        label=_("First name"), max_length=150, width=20, name_in_errors=_("your first name")
    )
    family_name = CleanText(
        label=_("Last name"), max_length=150, width=20, name_in_errors=_("your last name")
    )
    job_title = CleanText(label=_("Job title"), max_length=120, name_in_errors=_("your job title"))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={
            "required": _("Enter a password"),
            "max_length": _("The password must be 1,000 characters or less"),
        },
    )
    password_again = forms.CharField(
        label=_("Password again"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter the password again")},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        """The same twice, and hard to guess."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password, again = cleaned.get("password"), cleaned.pop("password_again", None)
        if password and broken(password):
            self.add_error("password", _("The password contains a character that cannot be kept"))
        elif password and again and password != again:
            self.add_error("password_again", _("The two passwords are not the same"))
        elif password:
            user = User(
                email=self.email,
                first_name=cleaned.get("given_name", ""),
                last_name=cleaned.get("family_name", ""),
            )
            try:
                validate_password(password, user)
            except ValidationError as problem:
                self.add_error("password", problem)
        return cleaned


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
