"""allauth's provider for OpenID Connect, made strict: what goes out, and who comes back."""

from secrets import token_urlsafe
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse

from agencies.models import User
from authentication.sso import answers
from authentication.sso import links as sso_links
from authentication.sso import session as sso_session
from authentication.sso.adapter import StrictAdapter
from authentication.sso.tokens import Proven


class LinkedLogin(SocialLogin):  # type: ignore[misc]
    """Somebody who came from a provider; known only if that identity was linked.

    The library's own look-up also saves the row, which could bring back a link that is being
    taken away at that moment, and it would go by e-mail addresses if told to.
    """

    account: SocialAccount
    proven: Proven

    def lookup(self) -> None:
        """Find who it is linked to; write nothing."""
        self._did_authenticate_by_email = None
        if found := sso_links.link_of(self.account.provider, self.account.uid):
            self.account, self.user = found, found.user

    def _accept_login(self, request: HttpRequest) -> None:
        """Note that the link was used, and whether the provider asked for a second factor."""
        if not sso_links.note_use(self.account):
            raise ImmediateHttpResponse(answers.not_linked(request, self.account.provider))
        sso_session.note(request, self.user, second_factor=self.proven.second_factor)


class StrictProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """Asks for an identity and for nothing else, and keeps nothing of the answer."""

    oauth2_adapter_class = StrictAdapter

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kept: Any,
    ) -> HttpResponse:
        """Send the browser to the provider; ``kept`` and a fresh nonce wait in the session."""
        nonce = token_urlsafe(32)
        params = {"nonce": nonce}
        answer: HttpResponse = super().redirect(
            request, process, next_url, data, auth_params=params, nonce=nonce, **kept
        )
        return answer

    def sociallogin_from_response(self, request: HttpRequest, response: Proven) -> LinkedLogin:
        """No name, no address: the digest by which somebody was linked."""
        account = SocialAccount(provider=self.sub_id, uid=response.uid, extra_data={})
        login = LinkedLogin(provider=self, account=account, user=User())
        login.proven = response
        return login


class Callback(OAuth2CallbackView):  # type: ignore[misc]
    """Where the provider sends the browser back to."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        """What was kept when this began, once only; the nonce in it is checked by the adapter."""
        state, page = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, page


def begin(
    request: HttpRequest, slug: str, process: str, next_url: str | None, **kept: Any
) -> HttpResponse:
    """Send the browser to a provider, or answer with the page that says why not."""
    provider = get_adapter().get_provider(request, slug)
    try:
        answer: HttpResponse = provider.redirect(request, process, next_url, **kept)
    except ImmediateHttpResponse as page:
        answer = page.response
    return answer


def come_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign in, link, or refuse whoever comes from a provider."""
    answer: HttpResponse = Callback.adapter_view(StrictAdapter(request, slug))(request)
    return answer
