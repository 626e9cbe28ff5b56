"""Printed records: what one will hold, and the file, made and handed over once (ISA-6.1)."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse

from agencies.http import PortalRequest
from agencies.permissions import Permission
from decisions.printing import pdf, selectors
from decisions.printing.forms import PrintForm
from requests_app.policies import AGENCY_CHECKS, RELEASES, REQUESTS
from workflow.finding import log_all_printed
from workflow.gateway import fetch_or_404
from workflow.pages import page, show
from workflow.step_up import step_up

if TYPE_CHECKING:
    from decisions.printing.selectors import Plan


@page
@step_up
def of_request(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The whole of a request, for the front door."""
    related = ("agency", "desk", "requested_by")
    case = fetch_or_404(REQUESTS, request.actor, Permission.TRIAGE, related=related, pk=pk)
    return _printed(request, selectors.of_request(case, request.actor), Permission.TRIAGE)


@page
@step_up
def of_released(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What was released to a named person."""
    related = ("case__agency", "case__desk", "case__requested_by")
    release = fetch_or_404(RELEASES, request.actor, Permission.SEND_REQUEST, related=related, pk=pk)
    return _printed(request, selectors.of_released(release, request.actor), Permission.SEND_REQUEST)


@page
@step_up
def of_check(request: PortalRequest, pk: UUID) -> HttpResponse:
    """An agency's own check and its decisions."""
    related = ("case__desk", "holder", "taken_by")
    agency_check = fetch_or_404(
        AGENCY_CHECKS, request.actor, Permission.ANSWER, related=related, pk=pk
    )
    return _printed(request, selectors.of_check(agency_check, request.actor), Permission.ANSWER)


def _printed(request: PortalRequest, plan: "Plan", permission: Permission) -> HttpResponse:
    form, status = PrintForm(request.POST if request.method == "POST" else None), None
    if form.is_bound and form.is_valid():
        made, shown = pdf.print_record(plan, request.actor)
        if made.content:
            log_all_printed(shown, request.actor, permission)
            return _as_file(made.content, plan.reference)
        form.add_error(None, made.wrong)
        status = made.status
    context = {"plan": plan, "lacks": pdf.lacks()}
    return show(request, "decisions/printing/ask.html", context, form=form, status=status)


def _as_file(content: bytes, reference: str) -> HttpResponse:
    """A download under a name that names nobody, which no browser opens in the portal's name."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="record-{reference}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
