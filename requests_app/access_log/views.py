"""Who has looked at a record: for the front door, and for the agency whose information it is."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from audit.record import Kind
from requests_app.access_log import selectors
from requests_app.access_log.forms import NarrowForm
from requests_app.break_glass.selectors import openings_of
from requests_app.policies import AGENCY_CHECKS, REQUESTS, SUBJECTS
from workflow.gateway import fetch_or_404
from workflow.pages import show


@require_safe
def case_access_log(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Everybody who looked at anything of a request (ISA-7.2)."""
    case = fetch_or_404(REQUESTS, request.actor, Permission.TRIAGE, pk=pk)
    openings = openings_of(case, request.actor)
    entries = selectors.entries_of_case(case)
    form = NarrowForm(request.GET or None, agencies=selectors.agencies_of(entries))
    after = request.GET.get("after", "")
    context = {
        "reference": case.reference,
        "openings": openings,
        "children": selectors.children_of(case),
        "page": selectors.page_of_case(case, entries, form.wanted, after),
        "back": reverse("requests:triage_case", args=[pk]),
    }
    return show(request, "requests_app/access_log/list.html", context, form=form)


@require_safe
def check_access_log(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Everybody who looked at one agency's check and at what it shared; at nothing else."""
    agency_check = fetch_or_404(
        AGENCY_CHECKS, request.actor, Permission.OVERSEE, Permission.ANSWER, pk=pk
    )
    entries = selectors.entries_of_check(agency_check)
    form = NarrowForm(request.GET or None, agencies=selectors.agencies_of(entries))
    after = request.GET.get("after", "")
    context = {
        "reference": agency_check.reference,
        "is_check": True,
        "page": selectors.page_of_check(agency_check, entries, form.wanted, after),
        "back": reverse("requests:check", args=[pk]),
    }
    return show(request, "requests_app/access_log/list.html", context, form=form)


@require_safe
def child_access_log(request: PortalRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Everybody who looked at the requests in which this child appears: noted as a search."""
    wanted: dict[str, Any] = {"pk": person, "case_id": pk, "role": "child", "status": "current"}
    child = fetch_or_404(
        SUBJECTS, request.actor, Permission.TRIAGE, kind=Kind.SEARCHED, related=("case",), **wanted
    )
    cases = selectors.requests_of(child, request.actor)
    entries = selectors.entries_of_child(cases)
    form = NarrowForm(request.GET or None, agencies=selectors.agencies_of(entries))
    page = selectors.page_of_child(cases, entries, form.wanted, request.GET.get("after", ""))
    context = {"child": child, "cases": cases, "page": page}
    return show(request, "requests_app/access_log/child.html", context, form=form)
