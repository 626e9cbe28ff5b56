"""Steps that the tests of second factors share: an app, a clock that can be put on, sign-in."""

import re
import time
from typing import Any
from urllib.parse import urlsplit

import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from authentication.passwords.notifications import link_for
from tests.cast import PASSWORD
from tests.plugins.people import sign_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = 30
CHOSEN = "hedgehogs polish teaspoons"


def code_at(step: int = 0, secret: str = SECRET) -> str:
    """What the app shows now, or some steps from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP + step))


def later(seconds: int) -> Any:
    """The clock put on."""
    return time_machine.travel(time.time() + seconds, tick=True)


def with_app(user: Any) -> Authenticator:
    """Give somebody an app."""
    return TOTP.activate(user, SECRET).instance


def with_codes(user: Any) -> list[str]:
    """Give somebody recovery codes."""
    return RecoveryCodes.activate(user).generate_codes()


def passworded(user: Any, client: Client | None = None, password: str = PASSWORD) -> Client:
    """A client that has got as far as the second factor, or in if there is none."""
    client = client or Client()
    client.post("/accounts/login/", {"login": user.email, "password": password})
    return client


def by_email(user: Any, client: Client | None = None) -> Client:
    """The same, with a password that was chosen by the link of an e-mail in this browser."""
    client = client or Client()
    user.refresh_from_db()
    page = client.get(urlsplit(link_for(user)).path, follow=True)
    chosen = {"password1": CHOSEN, "password2": CHOSEN}
    assert client.post(page.request["PATH_INFO"], chosen).status_code == 302
    user.refresh_from_db()
    return passworded(user, client, CHOSEN)


def proved(user: Any) -> Client:
    """A client of somebody who used a second factor to sign in."""
    client = sign_in(Client(), user)
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [
        *records,
        {"method": "mfa", "at": time.time(), "id": 0, "type": "totp"},
    ]
    session.save()
    return client


def send_code(client: Client, code: str) -> Any:
    """Enter a code while signing in."""
    return client.post("/accounts/second-factor/code/", {"code": code})


def is_in(client: Client) -> bool:
    """Whether the start page is theirs."""
    return client.get("/").status_code == 200


def secret_on(page: Any) -> str:
    """The key that the page about the app shows."""
    [shown] = re.findall(r'portal-key">([A-Z2-7 ]+)</p>', page.content.decode())
    return shown.replace(" ", "")
