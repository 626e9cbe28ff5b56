"""Lets nobody go on who has not proved themselves by a second factor, where one is required."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from agencies.models import User
from authentication.mfa import factors
from sessions.actions import was_chosen_by_email

Type = factors.Type
# What is there for whoever is half signed in. Everything else is not, whatever is added later.
ALWAYS = frozenset(
    {
        "account_logout",
        "accessibility",
        "healthz",
        "metrics",
        "readyz",
        "security",
        "sent_mail",
        "session_left",
        "stay_signed_in",
    }
)
SETTING_UP = ALWAYS | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
}
# Until an e-mail has shown that it is they: the database alone can neither (docs/adr/0105).
BEFORE_THE_EMAIL = ALWAYS | {
    "mfa_index",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
PROVING = ALWAYS | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


class SecondFactorMiddleware:
    """Leads whoever has no second factor to setting one up, and who has one to using it.

    Whoever has one and did not use it in this session may not add another: a password alone
    would then be enough to get in. Whoever has none sets one up once they have chosen their
    password by the link of an e-mail: a password and an empty place can be made by SQL.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """The way to what is missing, unless nothing is."""
        if not request.user.is_authenticated or has_proved_themselves(request):
            return None
        assert isinstance(request.user, User)
        assert request.resolver_match is not None
        where = request.resolver_match.view_name
        types = factors.factor_types(request.user)
        if not types & set(factors.BY_ITSELF):
            open_to_them = SETTING_UP if was_chosen_by_email(request) else BEFORE_THE_EMAIL
            return None if where in open_to_them else redirect("mfa_index")
        if where in PROVING:
            return None
        back = request.get_full_path() if request.method == "GET" else "/"
        return redirect_to_login(back, way_to_prove(types))


def has_proved_themselves(request: HttpRequest) -> bool:
    """Whether this session used a second factor, or none is required."""
    return not settings.SECOND_FACTOR_REQUIRED or factors.session_used_one(request)


def way_to_prove(types: set[str]) -> str:
    """Where to prove oneself by what one has: the app or a recovery code, or else a passkey."""
    return reverse("mfa_reauthenticate" if Type.TOTP in types else "mfa_reauthenticate_webauthn")
