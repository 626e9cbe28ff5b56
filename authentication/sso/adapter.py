"""How the portal speaks with a provider: strictly, and with a page for whatever goes wrong."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from requests import RequestException

from authentication.sso.providers import Provider, is_safe_address
from authentication.sso.tokens import NotProven, prove

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class StrictAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Speaks with one provider, for one request."""

    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        super().__init__(request, provider_id)
        self.state: dict[str, Any] = {}  # what was kept when the sign-in began

    @property
    def ours(self) -> Provider:
        """How the provider is set up."""
        found: Provider = settings.SSO.providers[self.provider_id]
        return found

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider publishes about itself; a page of ours if it cannot be had."""
        if not hasattr(self, "_published"):
            try:
                self._published = self.published()
            except (RequestException, NotProven) as fault:
                raise self.page_for(fault) from None
        return self._published

    def published(self) -> dict[str, Any]:
        """It must be the issuer that we know, and send nobody where others can listen."""
        found = self.fetched(self.get_provider().server_url)
        if found.get("issuer") != self.ours.issuer:
            raise NotProven("issuer")
        if not all(is_safe_address(found.get(each)) for each in ENDPOINTS):
            raise NotProven("endpoints")
        return found

    def fetched(self, address: str) -> dict[str, Any]:
        """A document of the provider's."""
        with get_adapter().get_requests_session() as session:
            response = session.get(address)
            response.raise_for_status()
            found = response.json()
        if not isinstance(found, dict):
            raise NotProven("not an object")
        return found

    def page_for(self, fault: Exception) -> ImmediateHttpResponse:
        """The page for a fault, where the library would let it through."""
        try:
            get_adapter().on_authentication_error(
                self.request,
                self.get_provider(),
                exception=fault,
                extra_context={"state": self.state},
            )
        except ImmediateHttpResponse as page:
            return page
        raise fault

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Exchange the code; an answer without sense is an answer that proves nothing."""
        try:
            found: dict[str, Any] = super().get_access_token_data(*args, **kwargs)
        except RequestException:
            raise
        except (KeyError, ValueError, TypeError):
            raise OAuth2Error("the answer has another form") from None
        return found

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Drop at once the right to ask the provider for more: we never do."""
        return SocialToken()

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Who came, of a token that was proven."""
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise NotProven("no token")
        keys = self.fetched(self.openid_config["jwks_uri"])
        proven = prove(id_token, self.ours, keys, self.state.get("nonce", ""))
        return self.get_provider().sociallogin_from_response(request, proven)
