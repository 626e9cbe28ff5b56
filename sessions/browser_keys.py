"""A key that the browser alone has, in a cookie: what it seals lies elsewhere."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from encryption import aead


def key_in(request: HttpRequest, cookie: str, mark: str = "") -> bytes | None:
    """The key of a cookie, without a ``mark`` after it; None where there is none, or no key."""
    with suppress(ValueError):
        key = urlsafe_b64decode(request.COOKIES.get(cookie, "").removesuffix(mark))
        return key if len(key) == aead.KEY_BYTES else None
    return None


def give_key(
    response: HttpResponse,
    cookie: str,
    key: bytes,
    *,
    lasts: timedelta,
    path: str = "/",
    mark: str = "",
) -> None:
    """Have the browser hold a key for so long, on the pages below ``path``."""
    response.set_cookie(
        cookie,
        urlsafe_b64encode(key).decode() + mark,
        max_age=lasts,
        path=path,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
