"""Nothing typed is lost when a session ends in mid-form, or a page's token is too old.

What was typed is sealed under a key that only the visitor's browser has, for an hour, and kept
in their session; after signing in they can send it again, to the address it was meant for.
docs/adr/0030 says why.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import asdict, dataclass
from os import urandom
from typing import Any
from urllib.parse import urlencode

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac

from encryption import aead
from portal.refusals import posted, to_read, way_back

COOKIE = "portal_kept"
IN_SESSION = "kept_form"
AN_HOUR = 60 * 60
LARGEST = 100_000  # characters: more than any form here takes
BOUND_TO = b"portal kept form 1"


@dataclass(frozen=True)
class KeptForm:
    """A form as it was sent: where to, from which page, its fields, whether files were in it."""

    to: str
    back: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What is worth reading in it, with labels."""
        return to_read(self.to, self.fields)


class ExpiredMiddleware:
    """Keeps what an anonymous visitor posts to a page for which one has to be signed in.

    Stands after the check of the token, so that only a form of ours gets here, and before
    the one that would send the visitor to sign in with empty hands.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sent_again = request.method == "POST" and request.path == request.session.get(
            IN_SESSION, {}
        ).get("path")
        answered = COOKIE not in response.cookies and response.status_code < 500  # noqa: PLR2004
        if sent_again and request.user.is_authenticated and answered:
            forget(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The page that shows what was typed, and asks to sign in."""
        if request.method != "POST" or request.user.is_authenticated or not is_ours(view):
            return None
        return signed_out(request)


def is_ours(view: Any) -> bool:
    """Whether people type into this page and have to be signed in for it."""
    return getattr(view, "login_required", True) and not view.__module__.startswith(
        ("allauth.", "authentication.mfa.views", "portal.views")
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A token that is too old or missing: the same, but only for a form that is really ours.

    Another site can post here too, but not with our address as the origin; browsers see to it.
    """
    assert request.resolver_match is not None  # an unknown address never gets to this check
    ours = is_ours(request.resolver_match.func)
    own = f"{request.scheme}://{request.get_host()}"
    if request.method != "POST" or not ours or request.headers.get("Origin") != own:
        return render(request, "403_csrf.html", status=403)
    if not request.user.is_authenticated:
        return signed_out(request)
    return render(request, "portal/kept.html", {"draft": form_of(request)}, status=403)


def form_of(request: HttpRequest) -> KeptForm:
    """The form that has just been posted, without its token."""
    fields = [each for each in posted(request) if each[0] != "csrfmiddlewaretoken"]
    return KeptForm(request.get_full_path(), way_back(request), fields, bool(request.FILES))


def signed_out(request: HttpRequest) -> HttpResponse:
    """Keep the form, show its texts, and ask to sign in; with nothing in it, only ask."""
    return ask_first(request, settings.LOGIN_URL, "portal/signed_out.html")


def ask_first(request: HttpRequest, url: str, template: str) -> HttpResponse:
    """Keep the form, show its texts, and point to where one proves who one is."""
    draft = form_of(request)
    if not any(value.strip() for name, value in draft.fields if name != "idempotency_key"):
        return redirect_to_login(draft.back, reverse(url))
    sealed = seal(draft)
    to = reverse("kept") if sealed else draft.back
    sign_in = f"{reverse(url)}?{urlencode({'next': to})}"
    context = {"draft": draft, "sign_in": sign_in, "is_kept": bool(sealed)}
    response = render(request, template, context, status=403)
    if sealed:
        key, text = sealed
        request.session[IN_SESSION] = {"path": request.path, "sealed": text}
        response.set_cookie(
            COOKIE,
            key,
            max_age=AN_HOUR,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


def seal(draft: KeptForm) -> tuple[str, str] | None:
    """A key made for this form alone, and the form sealed under it; None if it is too large."""
    plain = json.dumps(asdict(draft))
    if len(plain) > LARGEST:
        return None
    key = urandom(aead.KEY_BYTES)
    sealed = aead.seal(key, plain.encode(), BOUND_TO)
    return urlsafe_b64encode(key).decode(), urlsafe_b64encode(sealed).decode()


def is_kept(request: HttpRequest) -> bool:
    """Whether there is a form to send again."""
    return COOKIE in request.COOKIES and IN_SESSION in request.session


def kept_form(request: HttpRequest) -> KeptForm | None:
    """The form that was kept, if this browser still has the key to it."""
    if not is_kept(request):
        return None
    try:
        key = urlsafe_b64decode(request.COOKIES[COOKIE])
        sealed = urlsafe_b64decode(request.session[IN_SESSION]["sealed"])
        plain = aead.unseal(key, sealed, BOUND_TO)
    except (InvalidTag, NotBase64, ValueError):
        return None
    draft = KeptForm(**json.loads(plain))
    return draft if is_theirs(request, draft) else None


def is_theirs(request: HttpRequest, draft: KeptForm) -> bool:
    """Whether it was this person who filled the form in, for an agency that they act for.

    At a shared browser somebody else may be the next to sign in, also of the same agency.
    """
    for_agency = {value for name, value in draft.fields if name == "acting_for"}
    by = {value for name, value in draft.fields if name == "filled_in_by"}
    theirs = {str(each.pk) for each in getattr(request, "acting_choices", [])}
    return for_agency <= theirs and by <= {mark_of(request.user)}


def mark_of(user: Any) -> str:
    """What a form says of who filled it in; nobody but the portal can make one."""
    return salted_hmac(
        "portal.expired filled in by 1", str(user.pk), algorithm="sha256"
    ).hexdigest()


def forget(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep it no longer."""
    request.session.pop(IN_SESSION, None)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response
