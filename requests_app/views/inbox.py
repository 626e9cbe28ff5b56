"""The front door's inbox."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import May
from requests_app.lists.inbox import board
from workflow.doors import hold_or_404
from workflow.pages import show


@require_safe
def inbox(request: PortalRequest) -> HttpResponse:
    """What is to be done, heap by heap, the most urgent first."""
    hold_or_404(request.actor, May.TRIAGE)
    asked = {name: request.GET.get(name, "") for name in ("group", "after")}
    context = {"board": board(request.actor, **asked)}
    return show(request, "requests_app/triage_inbox.html", context)
