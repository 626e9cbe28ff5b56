"""Signing in through another provider, and one's own links to such providers."""

from collections.abc import Callable
from functools import wraps

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from authentication.sso import answers
from authentication.sso import links as sso_links
from authentication.sso import provider as sso_provider
from workflow.addresses import address_of
from workflow.pages import show
from workflow.rate_limits import Limit
from workflow.step_up import step_up

# Each asks the provider something; a large agency has one address and signs in at nine.
BEGUN = Limit("sign-ins begun at a provider", 300, 5 * 60)

View = Callable[..., HttpResponseBase]


def offered(view: View) -> View:
    """There is nothing here for a provider that this deployment does not have, or without any."""

    @wraps(view)
    def answer(request: HttpRequest, provider_id: str | None = None) -> HttpResponseBase:
        known = settings.SSO.providers
        if not known or provider_id not in (None, *known):
            raise Http404
        return view(request, provider_id) if provider_id else view(request)

    return answer


@login_not_required
@offered
@require_POST
def sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider to sign in."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if wait := BEGUN.take(address_of(request)):
        return answers.too_many(request, provider_id, wait)
    going_to = get_next_redirect_url(request)
    return sso_provider.begin(request, provider_id, AuthProcess.LOGIN, going_to)


@login_not_required
@offered
@require_safe
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from the provider."""
    return sso_provider.come_back(request, provider_id)


@offered
@require_safe
def yours(request: PortalRequest) -> HttpResponse:
    """Which providers one is linked to."""
    return show(request, "authentication/sso/yours.html", {"ways": sso_links.ways_of(request.user)})


@offered
@require_POST
@step_up
def link(request: PortalRequest, provider_id: str) -> HttpResponse:
    """Go to the provider to link one's identity there."""
    who = str(request.user.pk)
    process = AuthProcess.CONNECT
    return sso_provider.begin(request, provider_id, process, None, linking_for=who)


@offered
@require_POST
@step_up
def unlink(request: PortalRequest, provider_id: str) -> HttpResponse:
    """Sign in with that provider no more."""
    name = settings.SSO.providers[provider_id].name
    here = request.session.session_key or ""
    sso_links.unlink(request.user, provider_id, session=here)
    said = _("No longer linked. You cannot sign in with %(name)s any more.")
    messages.success(request, said % {"name": name})
    return redirect("sso_yours")
