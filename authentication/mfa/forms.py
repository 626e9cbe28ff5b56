"""The sign-in library's forms for second factors: our words, codes taken once, no surprises."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as theirs
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authentication.mfa import ceremonies, codes
from authentication.throttling.guesses import code_try
from workflow.fields import CleanText

LONGEST_NAME = 60
LARGEST = 20_000  # characters of what a browser says about a passkey
WRONG = gettext_lazy("That is not the right code. Try again")
USED = gettext_lazy("That code was used already. Wait for the next one, or use another one")


def code_field(**kwargs: Any) -> CleanText:
    """A code to type."""
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
    return CleanText(
        max_length=40,
        width=10,
        widget=forms.TextInput(attrs=attrs),
        name_in_errors=gettext_lazy("the code"),
        **kwargs,
    )


class CodeForm(forms.Form):
    """Enter a code of the app, or a recovery code."""

    code = code_field(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy(
            "The 6 digits that your authenticator app shows now, or one of your recovery codes."
        ),
    )

    def clean_code(self) -> str:
        """Take the code, once."""
        forget_failures = allowed_to_try(self.user)  # type: ignore[attr-defined]
        code: str = self.cleaned_data["code"]
        try:
            factor = codes.take(self.user, code)  # type: ignore[attr-defined]
        except codes.UsedBefore:
            raise ValidationError(USED) from None
        if factor is None:
            raise ValidationError(WRONG)
        forget_failures()
        factor.user = self.user  # type: ignore[attr-defined]
        self.authenticator = factor
        return code


class SignInCodeForm(CodeForm, theirs.AuthenticateForm):  # type: ignore[misc]
    """While signing in."""


class ProveAgainCodeForm(CodeForm, theirs.ReauthenticateForm):  # type: ignore[misc]
    """While signed in."""


class SetUpAppForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """Show by a first code that the app is set up."""

    code = code_field(
        label=gettext_lazy("Code that the app shows"),
        help_text=gettext_lazy("6 digits. The app shows another code every 30 seconds."),
    )

    def clean_code(self) -> str:
        """Take the code, so that nobody can sign in with the very same one."""
        forget_failures = allowed_to_try(self.user)
        code: str = self.cleaned_data["code"]
        try:
            if not codes.take_of_secret(self.user, self.secret, code):
                raise ValidationError(WRONG)
        except codes.UsedBefore:
            raise ValidationError(USED) from None
        forget_failures()
        return code


class PasskeyAnswer(forms.Form):
    """What the browser answers for a passkey; whatever cannot be one is refused in words."""

    ceremony = ""
    credential = forms.JSONField(
        required=True,
        max_length=LARGEST,
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("The browser sent no passkey. Try again"),
            "invalid": gettext_lazy("The browser sent no passkey. Try again"),
        },
    )

    def _clean_fields(self) -> None:
        """As always, with every way in which a made-up answer may be odd."""
        if not ceremonies.is_of(self.ceremony):
            self.add_error("credential", get_adapter().validation_error("incorrect_code"))
            return
        try:
            super()._clean_fields()  # type: ignore[misc]
        except (AttributeError, KeyError, TypeError, ValueError, IndexError):
            self.add_error("credential", get_adapter().validation_error("incorrect_code"))


class SignInPasskeyForm(PasskeyAnswer, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """Sign in with a passkey and nothing else."""

    ceremony = ceremonies.SIGN_IN


class SecondPasskeyForm(PasskeyAnswer, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """Use a passkey after the password."""

    ceremony = ceremonies.SECOND


class ProveAgainPasskeyForm(PasskeyAnswer, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Use a passkey while signed in."""

    ceremony = ceremonies.PROVE


def name_field() -> CleanText:
    """What one calls a passkey oneself."""
    return CleanText(
        label=gettext_lazy("Name of the passkey"),
        help_text=gettext_lazy("So that you know it again, such as “Work laptop”."),
        max_length=LONGEST_NAME,
        width=20,
        required=False,
        name_in_errors=gettext_lazy("a name for the passkey"),
    )


class AddPasskeyForm(PasskeyAnswer, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """Add a passkey, by which one can sign in without a password."""

    ceremony = ceremonies.ADD
    passwordless = None
    name = name_field()

    def clean(self) -> dict[str, Any]:
        """Prove the answer; what is not even an object is none."""
        try:
            found: dict[str, Any] = super().clean() or {}
        except (AttributeError, KeyError, TypeError, ValueError, IndexError):
            raise get_adapter().validation_error("incorrect_code") from None
        return found


class RenamePasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Call a passkey something else."""

    name = name_field()

    def clean_name(self) -> str:
        """A name is needed here."""
        if not self.cleaned_data["name"]:
            raise ValidationError(_("Enter a name for the passkey"))
        return str(self.cleaned_data["name"])


def allowed_to_try(user: Any) -> Any:
    """Count one try; refused once there were too many. Answers how to forget the count."""
    assert context.request is not None
    return code_try(context.request, user)
