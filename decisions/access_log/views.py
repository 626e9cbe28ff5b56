"""What one person saw, for information governance leads; counts, nothing of a case (ISA-7.2)."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from decisions.access_log.forms import SeenForm
from decisions.access_log.selectors import seen_by
from workflow.gateway import require_permission_or_404
from workflow.pages import show


@require_safe
def seen(request: PortalRequest) -> HttpResponse:
    """By the agency it belonged to; that somebody asked is noted with the person asked about."""
    require_permission_or_404(request.actor, Permission.REVIEW_OPENINGS)
    form = SeenForm.of(request.GET)
    context: dict[str, Any] = {"is_asked": False}
    if form.is_bound and form.is_valid():
        person = form.cleaned_data["person"]
        rows = seen_by(person, *form.between, request.actor)
        context = {"is_asked": True, "person": person, "rows": rows}
    return show(request, "decisions/access_log/seen.html", context, form=form)
