"""Who has looked at a record: for the front door, and for the agency whose information it is."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import May
from audit.record import Kind
from requests_app.forms.looks import NarrowForm
from requests_app.lists import looks as lists
from requests_app.lists import looks_by_child as of_child
from requests_app.lists.openings import openings_of
from requests_app.policies import ENQUIRIES, REQUESTS, SUBJECTS
from workflow.doors import fetch_or_404, note_all_read
from workflow.pages import show


@require_safe
def looks(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Everybody who looked at anything of a request (ISA-7.2)."""
    case = fetch_or_404(REQUESTS, request.actor, May.TRIAGE, pk=pk)
    openings = openings_of(case, request.actor)
    note_all_read(openings, request.actor, May.TRIAGE)
    context = {
        "reference": case.reference,
        "openings": openings,
        "children": of_child.children_of(case),
        "page": lists.looks_at_case(case, request.GET.get("after", "")),
        "back": reverse("requests:triage_case", args=[pk]),
    }
    return show(request, "requests_app/looks_list.html", context)


@require_safe
def check_looks(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Everybody who looked at one agency's check and at what it shared; at nothing else."""
    enquiry = fetch_or_404(ENQUIRIES, request.actor, May.OVERSEE, May.ANSWER, pk=pk)
    context = {
        "reference": enquiry.reference,
        "is_check": True,
        "page": lists.looks_at_check(enquiry, request.GET.get("after", "")),
        "back": reverse("requests:check", args=[pk]),
    }
    return show(request, "requests_app/looks_list.html", context)


@require_safe
def child_looks(request: PortalRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Everybody who looked at the requests in which this child appears: noted as a search."""
    child = fetch_or_404(
        SUBJECTS,
        request.actor,
        May.TRIAGE,
        kind=Kind.SEARCHED,
        related=("case",),
        pk=person,
        case_id=pk,
        role="child",
        status="current",
    )
    form = NarrowForm(request.GET or None)
    cases = of_child.requests_of(child, request.actor)
    note_all_read(cases[1:], request.actor, May.TRIAGE)
    page = of_child.looks_at_child(cases, form.wanted, request.GET.get("after", ""))
    context = {"child": child, "cases": cases, "page": page}
    return show(request, "requests_app/looks_child.html", context, form=form)
