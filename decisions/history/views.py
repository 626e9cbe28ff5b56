"""Every version of a decision, for those who may read the decision itself (P-RECORD)."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from decisions.history.selectors import history_of_decision
from decisions.policies import DECISIONS
from workflow.gateway import fetch_or_404
from workflow.pages import show


@require_safe
def of_decision(request: PortalRequest, pk: UUID) -> HttpResponse:
    """A decision, for the agency that makes it."""
    permissions = (Permission.ANSWER, Permission.OVERSEE)
    related = ("agency_check",)
    row = fetch_or_404(
        DECISIONS, request.actor, *permissions, related=related, versions=True, pk=pk
    )
    context = {
        "title": _("History of this decision"),
        "reference": row.agency_check.reference,
        "history": history_of_decision(row, request.actor, request.GET),
        "back": reverse("decisions:decision", args=[pk]),
    }
    return show(request, "requests_app/history/history.html", context)
