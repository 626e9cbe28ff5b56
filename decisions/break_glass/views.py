"""A case that somebody without a part in it has opened: to read, for an hour (ISA-7.2)."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from decisions.break_glass.selectors import opened_case
from requests_app.policies import OPENINGS, REQUESTS
from workflow.gateway import fetch_or_404
from workflow.pages import show

RELATED = ("agency", "desk", "requested_by", "consent")


@require_safe
def opened(request: PortalRequest, pk: UUID) -> HttpResponse:
    """All of it on one page, each thing noted as read for that reason; or that it is over."""
    permission = Permission.BREAK_GLASS
    opening = fetch_or_404(OPENINGS, request.actor, permission, related=("case",), pk=pk)
    if not opening.is_running:
        return show(request, "decisions/break_glass/over.html", {"opening": opening})
    case = fetch_or_404(REQUESTS, request.actor, permission, related=RELATED, pk=opening.case_id)
    found = opened_case(case, request.actor)
    context = {"opening": opening, "case": case, "found": found}
    return show(request, "decisions/break_glass/case.html", context)
