"""What SPoCs and responsible managers keep an eye on for their agency (ISA-5.1)."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from decisions.oversight.selectors import oversight_of
from workflow.gateway import require_permission_or_404
from workflow.pages import show


@require_safe
def oversight(request: PortalRequest) -> HttpResponse:
    """Open, late, decided and challenged, and people whose checks run out."""
    require_permission_or_404(request.actor, Permission.OVERSEE)
    context = {"found": oversight_of(request.actor), "agency": request.actor.agency}
    return show(request, "decisions/oversight/oversight.html", context)
