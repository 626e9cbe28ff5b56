"""What limits change in how allauth signs in: a part of the portal's account adapter."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from authentication.sessions.devices import mark
from authentication.throttling.guesses import a_try
from workflow.addresses import address_of


class WithLimits(DefaultAccountAdapter):  # type: ignore[misc]
    """Counts wrong passwords where they come from, and knows the browsers of its people."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address as our own proxies saw it."""
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse to look at a password where too many were wrong; says how long to wait."""
        attempt = a_try(request, credentials)
        if refused := attempt.begin():
            raise ValidationError(refused)
        self._login_failed_rl_usage = attempt  # the library calls its rollback() if all is well

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """It was wrong."""
        a_try(request, credentials).was_wrong()

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in, and know this browser from now on."""
        super().login(request, user)
        mark(request, user.email)
