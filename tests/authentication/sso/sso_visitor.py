"""Somebody with a browser, as far as HTTP goes: at the portal and at the provider."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.patience import PATIENCE
from tests.plugins.provider import CLIENT, PASSWORD, SLUG, Provider

LOGIN = f"/sso/{SLUG}/login/"
CALLBACK = f"/sso/{SLUG}/callback/"
LINK = f"/account/sign-in/{SLUG}/link/"
UNLINK = f"/account/sign-in/{SLUG}/unlink/"
YOURS = "/account/sign-in/"
HERE = "http://testserver"


class Visitor:
    """One person: ``client`` is the portal's side, ``there`` the provider's."""

    def __init__(self, provider: Provider, client: Client | None = None) -> None:
        self.provider, self.client = provider, client or Client()
        self.there = requests.Session()
        self.there.trust_env = False
        provider.client(CLIENT, HERE + CALLBACK)

    @property
    def who(self) -> str | None:
        """The id of whoever is signed in at the portal in this browser."""
        return self.client.session.get("_auth_user_id")

    def begin(self, address: str = LOGIN, **fields: str) -> str:
        """Ask the portal to be sent to the provider; where that is."""
        answer = self.client.post(address, fields)
        assert answer.status_code == 302, answer.content
        assert answer.url.startswith(self.provider.url)
        return answer.url

    def sign_in_there(self, username: str, ask: str) -> str:
        """Sign in at the provider, unless that is done already; where it sends us back to."""
        answer = self.there.get(ask, allow_redirects=False, timeout=PATIENCE)
        if answer.headers.get("Location", "").startswith("/accounts/login/"):
            page = self.there.get(self.provider.url + answer.headers["Location"], timeout=PATIENCE)
            [token, *_] = re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', page.text)
            fields = {"login": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
            done = self.there.post(page.url, fields, allow_redirects=False, timeout=PATIENCE)
            assert done.status_code == 302, done.text
            answer = self.there.get(ask, allow_redirects=False, timeout=PATIENCE)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def come_back(self, where: str) -> HttpResponse:
        """Follow the provider's redirect to the portal."""
        assert where.startswith(HERE + CALLBACK), where
        return self.client.get(where.removeprefix(HERE))

    def go(self, username: str, address: str = LOGIN, **fields: str) -> HttpResponse:
        """The whole way."""
        return self.come_back(self.sign_in_there(username, self.begin(address, **fields)))

    def link(self, username: str) -> HttpResponse:
        """Link an identity to whoever is signed in."""
        return self.go(username, LINK)

    def sign_out(self) -> None:
        """At the portal only."""
        self.client.post(reverse("account_logout"))
        assert self.who is None


def asked(address: str) -> dict[str, Any]:
    """What the query of an address says."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
