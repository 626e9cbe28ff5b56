"""How long one record is kept: the purpose, the holds, and what is left after disposal."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.asking.forms import StartForm
from requests_app.policies import AGENCY_CHECKS, REQUESTS
from retention.holds import actions as holds
from retention.holds.forms import HoldForm
from retention.policies import OWN_HOLDS, PURPOSES
from retention.purpose_served import actions as purposes
from retention.retention_status.selectors import ASKERS, kept_check, kept_request, where_it_is
from workflow.gateway import fetch_or_404
from workflow.pages import page, show

OWN = (Permission.SEND_REQUEST, Permission.OVERSEE)


@require_safe
def of_request(request: PortalRequest, pk: UUID) -> HttpResponse:
    """For the requester, their agency and the front door."""
    case = fetch_or_404(REQUESTS, request.actor, *ASKERS, related=("agency", "requested_by"), pk=pk)
    kept = kept_request(case, request.actor)
    return show(
        request,
        "retention/retention_status/kept_request.html",
        {"case": case, "kept": kept, "start": StartForm()},
    )


@require_safe
def of_check(request: PortalRequest, pk: UUID) -> HttpResponse:
    """For an agency that was asked."""
    check = fetch_or_404(AGENCY_CHECKS, request.actor, Permission.OVERSEE, related=("case",), pk=pk)
    kept = kept_check(check, request.actor)
    return show(
        request, "retention/retention_status/kept_check.html", {"check": check, "kept": kept}
    )


@require_POST
def serve(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The purpose is served."""
    case = fetch_or_404(REQUESTS, request.actor, *OWN, pk=pk)
    form = StartForm(request.POST)
    form.full_clean()
    purposes.say_purpose_served(
        case, by=request.actor, idempotency_key=form.cleaned_data["idempotency_key"]
    )
    messages.success(request, _("Saved. The time until the record is disposed of has begun."))
    return redirect("retention:of_request", pk)


@require_POST
def take_back(request: PortalRequest, pk: UUID) -> HttpResponse:
    """It is not served yet after all."""
    said = fetch_or_404(PURPOSES, request.actor, *OWN, related=("case",), pk=pk)
    purposes.take_purpose_back(said, by=request.actor)
    messages.success(request, _("Saved."))
    return redirect("retention:of_request", said.case_id)


@page
def hold_request(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Keep a request that one's agency made or triages."""
    case = fetch_or_404(REQUESTS, request.actor, Permission.TRIAGE, Permission.OVERSEE, pk=pk)
    return _hold(request, case, case.reference, ("retention:of_request", pk))


@page
def hold_check(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Keep a record of which one's agency answered a check."""
    check = fetch_or_404(AGENCY_CHECKS, request.actor, Permission.OVERSEE, related=("case",), pk=pk)
    return _hold(request, check.case, check.reference, ("retention:of_check", pk))


def _hold(
    request: PortalRequest, case: Any, reference: str, back: tuple[str, UUID]
) -> HttpResponse:
    """Ask why, and place the hold; ``reference`` is the one that this person knows it by."""
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        holds.place_hold(case, by=request.actor, **form.cleaned_data)
        messages.success(request, _("On hold."))
        return redirect(*back)
    name, pk = back
    context = {"reference": reference, "back": name, "pk": pk}
    return show(request, "retention/retention_status/hold.html", context, form=form)


@require_POST
def lift(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The reason is over."""
    hold = fetch_or_404(
        OWN_HOLDS, request.actor, Permission.TRIAGE, Permission.OVERSEE, related=("case",), pk=pk
    )
    holds.lift_hold(hold, by=request.actor)
    messages.success(request, _("The hold is lifted."))
    return redirect(*where_it_is(hold, request.actor))
