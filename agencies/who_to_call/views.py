"""Whom to call at a partner agency, for everybody who belongs to one that takes part."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from agencies.register import selectors
from agencies.register.forms import FindForm, wanted
from agencies.register.policies import WHO_TO_CALL
from workflow.gateway import fetch_or_404
from workflow.pages import show


@require_safe
def calls(request: PortalRequest) -> HttpResponse:
    """Every partner agency, by name and kind."""
    if not selectors.may_look_up(request.actor):
        raise Http404
    asked = wanted(request.GET)
    asked.pop("status", None)
    found = selectors.to_call(request.actor, asked, request.GET.get("after", ""))
    find = FindForm(initial=asked, with_status=False)
    context = {"find": find, "found": found, "wanted": asked}
    return show(request, "agencies/who_to_call/calls.html", context)


@require_safe
def call(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One agency: who holds its posts, how to call them, and whether it is open now."""
    agency = fetch_or_404(WHO_TO_CALL, request.actor, *Permission, pk=pk)
    return show(request, "agencies/who_to_call/call.html", {"listed": selectors.listed(agency)})
