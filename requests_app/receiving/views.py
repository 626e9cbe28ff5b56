"""What an agency answered: read, and taken in or refused piece by piece (ISA-3.7)."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.agency_checks.selectors import questions_of, shown_of
from requests_app.asked import about, names_of
from requests_app.items.actions import accept_item, refuse_item
from requests_app.people.selectors import people_of
from requests_app.policies import AGENCY_CHECKS, ITEMS, OFFERED
from requests_app.readiness import can_be_released
from requests_app.receiving import selectors
from requests_app.request_fields import told_of
from requests_app.triage.forms import RefuseForm
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404
from workflow.pages import show

if TYPE_CHECKING:
    from requests_app.models import Item
    from workflow.policy import Policy

RELATED = ("case", "holder", "taken_by", "withdrawn_by")
OF_AN_ITEM = ("case", "agency_check__holder", "receipt")


def the_item(request: PortalRequest, policy: "Policy[Item]", pk: UUID, item: UUID) -> "Item":
    """One piece of information of that very check."""
    return fetch_or_404(
        policy, request.actor, Permission.TRIAGE, related=OF_AN_ITEM, pk=item, agency_check_id=pk
    )


@require_safe
def check(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One agency's part: what was asked and shown, and what came of it."""
    agency_check = fetch_or_404(
        AGENCY_CHECKS, request.actor, Permission.TRIAGE, related=RELATED, pk=pk
    )
    pieces, withheld = selectors.answer_of(agency_check, request.actor)
    people = people_of(agency_check.case)
    questions = questions_of(agency_check)
    context = {
        "agency_check": agency_check,
        "clock": selectors.clock_for(agency_check),
        "chase": selectors.reminded(agency_check),
        "people": shown_of(agency_check, people),
        "about": about(agency_check, names_of(people)),
        "questions": questions,
        "unanswered": selectors.left_unanswered(agency_check, questions, pieces),
        "told": told_of(agency_check),
        "pieces": pieces,
        "refused": selectors.refused_of(agency_check, request.actor),
        "not_shared": selectors.reasons_of(withheld),
        "is_ready": can_be_released(agency_check),
    }
    return show(request, "requests_app/receiving/check.html", context)


@require_POST
def accept(request: PortalRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Take one piece of information in."""
    row = the_item(request, OFFERED, pk, item)
    accept_item(row, by=request.actor)
    messages.success(request, _("You accepted the piece of information."))
    return redirect("requests:check_for_desk", pk)


@kept_page
def refuse(request: PortalRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Refuse one piece, with a reason: it goes from view, and its sender is told."""
    policy = OFFERED if request.method == "POST" else ITEMS
    row = the_item(request, policy, pk, item)
    if request.method != "POST" and hasattr(row, "receipt"):
        return redirect("requests:check_for_desk", pk)
    form = RefuseForm(request.POST) if request.method == "POST" else RefuseForm()
    if form.is_bound and form.is_valid():
        refuse_item(row, by=request.actor, reason=form.cleaned_data["reason"])
        said = _("You refused the piece of information. %(agency)s is told.")
        messages.success(request, said % {"agency": row.agency_check.holder})
        return redirect("requests:check_for_desk", pk)
    context = {
        "agency_check": row.agency_check,
        "item": row,
        "expected_version": selectors.is_in_view(row, request.actor),
    }
    return show_kept(request, "requests_app/receiving/refuse.html", context, form=form)
