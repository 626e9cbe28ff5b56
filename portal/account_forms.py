"""allauth's forms with our words: what each field is called, and what its errors say."""

from collections.abc import Mapping
from typing import Any

from allauth.account import forms as theirs
from allauth.core import context
from django import forms
from django.contrib.auth import logout
from django.core.validators import EmailValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from authentication.passwords import reset as forgotten
from sessions.actions import chosen_by_email

# field: (label, what an empty one says)
WORDS: Mapping[str, tuple[Any, Any]] = {
    "login": (_("E-mail address"), _("Enter your e-mail address")),
    "email": (_("E-mail address"), _("Enter your e-mail address")),
    "password": (_("Password"), _("Enter your password")),
    "oldpassword": (_("Your password now"), _("Enter the password that you have now")),
    "password1": (_("New password"), _("Enter a new password")),
    "password2": (_("New password again"), _("Enter the new password again")),
}
NO_ADDRESS = _("Enter an e-mail address in the form name@agency.example")


class PlainWords(forms.Form):
    """Put our words in place of theirs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, empty) in WORDS.items():
            if field := self.fields.get(name):
                field.label = label
                field.error_messages["required"] = empty
                field.validators = [
                    EmailValidator(NO_ADDRESS) if isinstance(each, EmailValidator) else each
                    for each in field.validators
                ]


class SignInForm(PlainWords, theirs.LoginForm):  # type: ignore[misc]
    """Sign in."""


class AskForNewPasswordForm(PlainWords, theirs.ResetPasswordForm):  # type: ignore[misc]
    """Ask for a link by which to choose a new password."""

    def clean_email(self) -> str:
        """The address as accounts have it; whether there is one is nobody's business."""
        account = str(self.cleaned_data["email"]).strip().lower()
        forgotten.may_ask(context.request, account)
        return account

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Promise the e-mail."""
        account: str = self.cleaned_data["email"]
        forgotten.ask(account)
        return account


class NewPasswordForm(PlainWords, theirs.ResetPasswordKeyForm):  # type: ignore[misc]
    """Choose a new password by the link."""

    def save(self) -> None:
        """Set it; whoever was signed in here comes in anew with it."""
        super().save()
        assert context.request is not None
        if context.request.user.is_authenticated:
            logout(context.request)
        chosen_by_email(context.request, self.user)


class ProveAgainForm(PlainWords, theirs.ReauthenticateForm):  # type: ignore[misc]
    """Enter the password again before something that cannot be taken back."""


class ChangePasswordForm(PlainWords, theirs.ChangePasswordForm):  # type: ignore[misc]
    """Change the password while signed in."""
