"""Browsers in which somebody has signed in before: a mark in a cookie, and nothing kept here.

It opens nothing. It only keeps the owner's own tries apart from those of strangers.
"""

from collections.abc import Callable
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

A_YEAR = 365 * 24 * 60 * 60
SIGNER = Signer(salt="signin.devices 1")  # as browsers bear it: never another name
MARK = "signin_device_of"  # on the request: whose sign-in has just succeeded


class KnownDeviceMiddleware:
    """Marks the browser in which somebody has just signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        account = getattr(request, MARK, "")
        if account and not known_device(request, account):
            response.set_cookie(
                cookie_of(account),
                SIGNER.sign(f"{digest_of(account)}.{token_urlsafe(16)}"),
                max_age=A_YEAR,
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response


def mark(request: HttpRequest, account: str) -> None:
    """Remember with the answer that this person signed in here."""
    setattr(request, MARK, account)


def known_device(request: HttpRequest, account: str) -> str:
    """What tells this browser apart, if this account has signed in with it; empty otherwise."""
    try:
        text = SIGNER.unsign(request.COOKIES.get(cookie_of(account), ""))
    except BadSignature:
        return ""
    return text if text.startswith(f"{digest_of(account)}.") else ""


def cookie_of(account: str) -> str:
    """One cookie for each account at a shared browser; its name tells nobody whose."""
    return f"portal_device_{digest_of(account)[:12]}"


def digest_of(account: str) -> str:
    """The account as a cookie may name it: only whoever has the secret can work it out."""
    keyed = SIGNER.signature(account)
    return sha256(keyed.encode()).hexdigest()
