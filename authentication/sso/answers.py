"""What somebody reads after a provider was asked: linked, refused, or not to be reached."""

from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from authentication.sso import links as sso_links
from workflow.rate_limits import how_long

FORBIDDEN, TOO_MANY, UNAVAILABLE = 403, 429, 503


def linked(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    """Link what came back to whoever began it, if they are still the one who is signed in."""
    slug = login.account.provider
    user = request.user
    if not user.is_authenticated or str(user.pk) != login.state.get("linking_for"):
        return not_proven(request, slug, {})
    try:
        here = request.session.session_key or ""
        sso_links.link(user, slug, login.account.uid, session=here)
    except sso_links.LinkedToAnother:
        return page(request, slug, "authentication/sso/taken.html", FORBIDDEN)
    except sso_links.HasAnother:
        return page(request, slug, "authentication/sso/another.html", FORBIDDEN)
    except sso_links.LinkRefused:
        return not_proven(request, slug, {})
    said = _("Linked. From now on you can sign in with %(name)s.")
    messages.success(request, said % {"name": name_of(slug)})
    return redirect("sso_yours")


def not_linked(request: HttpRequest, slug: str) -> HttpResponse:
    """Nobody is linked to this identity: what to do."""
    return page(request, slug, "authentication/sso/unknown.html", FORBIDDEN)


def cancelled(request: HttpRequest, slug: str, state: dict[str, Any]) -> HttpResponse:
    """They changed their mind at the provider."""
    if state.get("process") == "connect" and request.user.is_authenticated:
        messages.info(request, _("Nothing was linked: you cancelled it."))
        return redirect("sso_yours")
    return page(request, slug, "authentication/sso/cancelled.html", 200, state)


def unreachable(request: HttpRequest, slug: str, state: dict[str, Any]) -> HttpResponse:
    """The provider does not answer; the password still works."""
    return page(request, slug, "authentication/sso/unreachable.html", UNAVAILABLE, state)


def not_proven(request: HttpRequest, slug: str, state: dict[str, Any]) -> HttpResponse:
    """Something in the answer was not right; what, is in the log and nowhere else."""
    return page(request, slug, "authentication/sso/failed.html", FORBIDDEN, state)


def too_many(request: HttpRequest, slug: str, wait: int) -> HttpResponse:
    """So many were begun from one address that they are not people; others can still sign in."""
    template = "authentication/sso/too_many.html"
    return page(request, slug, template, TOO_MANY, wait=how_long(wait))


def page(
    request: HttpRequest,
    slug: str,
    template: str,
    status: int,
    state: dict[str, Any] | None = None,
    **more: str,
) -> HttpResponse:
    """A page with the provider's name and the way back, on to where they were going."""
    back = reverse("sso_yours") if request.user.is_authenticated else reverse(settings.LOGIN_URL)
    going_to = (state or {}).get("next") or request.POST.get("next", "")
    if going_to and not request.user.is_authenticated:
        back += "?" + urlencode({"next": going_to})
    words = {"name": name_of(slug), "back": back, **more}
    return render(request, template, words, status=status)


def name_of(slug: str) -> str:
    """What people call the provider."""
    found: str = settings.SSO.providers[slug].name
    return found
