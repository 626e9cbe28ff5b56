"""The page of those who answer for the front door."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.triage import hub as selectors
from workflow.gateway import require_permission_or_404
from workflow.pages import show


@require_safe
def hub(request: PortalRequest) -> HttpResponse:
    """How many requests wait, since when and with whom, and what became late this week."""
    require_permission_or_404(request.actor, Permission.TRIAGE, Permission.OVERSEE)
    if not request.actor.agency.is_front_door:
        raise Http404
    context = {
        "hub": selectors.hub(request.actor),
        "opens": Permission.TRIAGE in request.actor.permissions,
    }
    return show(request, "requests_app/triage/hub.html", context)
