"""Who has looked at a record: for the front door, and for the agency whose information it is."""

from typing import Any
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
    all_looks = lists.looks_at_case(case)
    form = NarrowForm(request.GET or None, agencies=lists.agencies_of(all_looks))
    after = request.GET.get("after", "")
    context = {
        "reference": case.reference,
        "openings": openings,
        "children": of_child.children_of(case),
        "page": lists.page_of_case(case, all_looks, form.wanted, after),
        "back": reverse("requests:triage_case", args=[pk]),
    }
    return show(request, "requests_app/looks_list.html", context, form=form)


@require_safe
def check_looks(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Everybody who looked at one agency's check and at what it shared; at nothing else."""
    enquiry = fetch_or_404(ENQUIRIES, request.actor, May.OVERSEE, May.ANSWER, pk=pk)
    all_looks = lists.looks_at_check(enquiry)
    form = NarrowForm(request.GET or None, agencies=lists.agencies_of(all_looks))
    after = request.GET.get("after", "")
    context = {
        "reference": enquiry.reference,
        "is_check": True,
        "page": lists.page_of_check(enquiry, all_looks, form.wanted, after),
        "back": reverse("requests:check", args=[pk]),
    }
    return show(request, "requests_app/looks_list.html", context, form=form)


@require_safe
def child_looks(request: PortalRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Everybody who looked at the requests in which this child appears: noted as a search."""
    wanted: dict[str, Any] = {"pk": person, "case_id": pk, "role": "child", "status": "current"}
    child = fetch_or_404(
        SUBJECTS, request.actor, May.TRIAGE, kind=Kind.SEARCHED, related=("case",), **wanted
    )
    cases = of_child.requests_of(child, request.actor)
    note_all_read(cases[1:], request.actor, May.TRIAGE)
    all_looks = of_child.looks_at_child(cases)
    form = NarrowForm(request.GET or None, agencies=lists.agencies_of(all_looks))
    page = of_child.page_of_child(cases, all_looks, form.wanted, request.GET.get("after", ""))
    context = {"child": child, "cases": cases, "page": page}
    return show(request, "requests_app/looks_child.html", context, form=form)
