"""Every version of a request, a person, an agency check and a piece of information (P-RECORD).

Through the policy and permission of the live row's own page, and noted as a reading.
"""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.history import words
from requests_app.policies import AGENCY_CHECKS, ITEMS, REQUESTS, SUBJECTS
from workflow.gateway import fetch_or_404
from workflow.pages import show

PAGE = "requests_app/history/history.html"


@require_safe
def of_request(request: PortalRequest, pk: UUID) -> HttpResponse:
    """A request, for the front door, from when it was sent."""
    case = fetch_or_404(REQUESTS, request.actor, Permission.TRIAGE, versions=True, pk=pk)
    context = {
        "title": _("History of this request"),
        "reference": case.reference,
        "history": words.history_for_desk(case, request.actor, request.GET),
        "back": reverse("requests:triage_case", args=[pk]),
    }
    return show(request, PAGE, context)


@require_safe
def of_person(request: PortalRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Somebody in a request, for the front door, from when it was sent."""
    row = fetch_or_404(
        SUBJECTS,
        request.actor,
        Permission.TRIAGE,
        related=("case",),
        versions=True,
        pk=person,
        case_id=pk,
        status=words.IN_THE_REQUEST,
    )
    context = {
        "title": _("History of this person’s details"),
        "reference": row.case.reference,
        "history": words.history_of_person(row, request.actor, request.GET),
        "back": reverse("requests:triage_case", args=[pk]),
    }
    return show(request, PAGE, context)


@require_safe
def of_check(request: PortalRequest, pk: UUID) -> HttpResponse:
    """An agency check, for the agency that answers it."""
    agency_check = fetch_or_404(
        AGENCY_CHECKS, request.actor, Permission.ANSWER, versions=True, pk=pk
    )
    context = {
        "title": _("History of this agency check"),
        "reference": agency_check.reference,
        "history": words.history_of_check(agency_check, request.actor, request.GET),
        "back": reverse("requests:check", args=[pk]),
    }
    return show(request, PAGE, context)


@require_safe
def of_item(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What an agency holds, for that agency; what it took off its list no page shows."""
    related, listed = ("agency_check",), words.ON_THE_LIST
    item = fetch_or_404(
        ITEMS,
        request.actor,
        Permission.ANSWER,
        related=related,
        versions=True,
        pk=pk,
        status__in=listed,
    )
    context = {
        "title": _("History of this piece of information"),
        "reference": item.agency_check.reference,
        "history": words.history_of_item(item, request.actor, request.GET),
        "back": reverse("requests:check", args=[item.agency_check_id]),
    }
    return show(request, PAGE, context)
