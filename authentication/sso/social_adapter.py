"""How allauth's part for other providers behaves here: it links nobody and makes nobody."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from django.conf import settings
from django.http import HttpRequest
from requests import RequestException, Session

from authentication.sso import answers
from authentication.sso.providers import Provider
from authentication.sso.tokens import NotProven

logger = logging.getLogger(__name__)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """People are known by what was linked while they were signed in, and by nothing else.

    Never by an e-mail address: it changes hands, and a provider says what it likes about it.
    """

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The providers of the environment; a row in a table would add none."""
        apps = [app_of(each) for each in settings.SSO.providers.values()]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id)
            and client_id in (None, app.client_id)
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link, or refuse whoever is not linked; let the others go on."""
        slug = sociallogin.account.provider
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(answers.linked(request, sociallogin))
        if not sociallogin.is_existing:
            logger.warning("single sign-on with %s refused: not linked", slug)
            raise ImmediateHttpResponse(answers.not_linked(request, slug))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """A page of ours for whatever went wrong; the log gets the kind and no more."""
        slug, state = provider.app.provider_id, (extra_context or {}).get("state") or {}
        logger.warning("single sign-on with %s failed: %s", slug, code_of(exception) or error)
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(answers.cancelled(request, slug, state))
        if isinstance(exception, RequestException):
            raise ImmediateHttpResponse(answers.unreachable(request, slug, state))
        raise ImmediateHttpResponse(answers.not_proven(request, slug, state))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whether strangers may sign up: never."""
        return False

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nor by themselves."""
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Nobody is known by an address."""
        return

    def get_requests_session(self) -> Session:
        """To the addresses that were checked, and no further: nothing follows a redirect."""
        session: Session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Our own e-mails go through the outbox."""


def code_of(fault: Exception | None) -> str:
    """What the log may hold of a fault: its kind, and never the text of somebody else's."""
    if fault is None:
        return ""
    return f"not proven: {fault}" if isinstance(fault, NotProven) else type(fault).__name__


def app_of(provider: Provider) -> SocialApp:
    """A provider in the library's shape; it is never saved."""
    return SocialApp(
        provider="openid_connect",
        provider_id=provider.slug,
        name=provider.name,
        client_id=provider.client_id,
        secret=provider.secret,
        settings={
            "server_url": provider.server_url,
            "oauth_pkce_enabled": True,
            "fetch_userinfo": False,
            "scope": provider.scope,
            "auth_params": {},
        },
    )
