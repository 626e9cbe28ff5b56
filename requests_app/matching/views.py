"""Other requests that may be about the same people: suggested, never merged (domain rule 9)."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from audit.record import Kind
from requests_app.matching.selectors import MOST, matches_of
from requests_app.policies import REQUESTS
from workflow.gateway import fetch_or_404
from workflow.pages import show


@require_safe
def matches(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Look for possible matches: noted as a search here, and as a look at each that is found."""
    case = fetch_or_404(REQUESTS, request.actor, Permission.TRIAGE, kind=Kind.SEARCHED, pk=pk)
    found = matches_of(case, request.actor)
    context = {"case": case, "found": found, "most": MOST}
    return show(request, "requests_app/matching/matches.html", context)
