"""What second factors change in how allauth signs in: a part of the portal's account adapter."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from authentication.mfa.factors import BY_ITSELF
from authentication.sso.session import provider_showed_second_factor
from workflow.step_up import proved_lately

BY_PASSWORD = "reauthenticate"  # noqa: S105 - the library's name of the way
STAGE = f"{__name__}.SecondFactorStage"


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """Asks for the second factor after the password."""

    def handle(self) -> tuple[Any, bool]:
        """Ask, and remember which password has got so far."""
        if self.login.user:
            self.state["password"] = self.login.user.get_session_auth_hash()
        asked: tuple[Any, bool] = super().handle()
        return asked

    def exit(self) -> Any:
        """Go on, unless the password is another one by now: then begin again with that."""
        return super().exit() if self._is_same_password() else self.abort()

    def is_resumable(self, request: HttpRequest) -> bool:
        """Not once nothing is left to ask for: the two pages would lead to each other for ever."""
        return self._is_same_password() and is_mfa_enabled(self.login.user, BY_ITSELF)

    def _is_same_password(self) -> bool:
        now = self.login.user.get_session_auth_hash()
        return constant_time_compare(self.state.get("password", ""), now)

    def _should_handle(self, request: HttpRequest) -> bool:
        """Not of somebody whose own agency has just asked for one (docs/adr/0057)."""
        if self.login.user and provider_showed_second_factor(request, self.login.user):
            return False
        return bool(super()._should_handle(request))


class WithSecondFactors(DefaultAccountAdapter):  # type: ignore[misc]
    """The sign-in with second factors in it."""

    def get_login_stages(self) -> list[str]:
        """The library's, with our stage in the place of its own."""
        theirs = f"{AuthenticateStage.__module__}.{AuthenticateStage.__name__}"
        return [STAGE if each == theirs else each for each in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A proof that is young enough elsewhere is so here: nobody signs in twice in a row."""
        asked = super().is_reauthentication_required(app=app, **kwargs)
        request = context.request
        return bool(asked) and not (request and proved_lately(request))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to prove again who one is, in our words.

        Whoever has a second factor proves it: a password may have been looked at over a shoulder.
        """
        words = {
            BY_PASSWORD: _("Use your password"),
            "mfa_reauthenticate": _("Use a code of your app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [way for way in ways if way["id"] != BY_PASSWORD]
        ways = factors or ways
        return [{**way, "description": words.get(way["id"], way["description"])} for way in ways]
