"""The page on which a decision is checked and recorded, and the end of its check."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.http import PortalRequest
from agencies.permissions import Permission
from decisions.flow import readiness
from decisions.flow.selectors import record_of
from decisions.flow.steps import left_unanswered, to_the_requester
from decisions.flow.whole import LAST_PAGE, read
from decisions.policies import DECISIONS
from decisions.recording.actions import finish_check, record_decision
from decisions.recording.forms import RecordForm
from requests_app.agency_checks.actions import refuse_if_withdrawn
from requests_app.policies import AGENCY_CHECKS
from workflow.gateway import fetch_or_404
from workflow.pages import page, show
from workflow.together import Rows

UNSEEN = "unseen"  # what is recorded without having been shown is not what was checked
RELATED = ("case", "agreement", "agency_check__holder", "agency_check__case__desk", "decided_by")


@page
def record(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The whole record to check; recording it is final."""
    row = fetch_or_404(DECISIONS, request.actor, Permission.ANSWER, related=RELATED, pk=pk)
    found = read(row, *LAST_PAGE) if request.method != "POST" else None
    if found and not readiness.can_be_recorded(row):
        return redirect("decisions:decision", pk)
    form = RecordForm(
        request.POST if request.method == "POST" else None,
        asked_at=row.agency_check.sent_at,
        initial=None if request.method == "POST" else {"expected_version": readiness.state_of(row)},
    )
    if form.is_bound and form.is_valid():
        when, version = form.cleaned_data["decided_at"], form.cleaned_data["expected_version"]
        done = record_decision(
            row, by=request.actor, decided_at=when, expected_version=version or UNSEEN
        )
        messages.success(request, _("Decision recorded: %s.") % done.get_outcome_display())
        return redirect("decisions:decision", pk)
    refuse_if_withdrawn(row.agency_check)
    found = found or read(row, *LAST_PAGE)
    return show(request, "decisions/recording/record.html", _to_check(row, found), form=form)


def _to_check(row: Any, found: Rows) -> dict[str, Any]:
    """The record as it would be, and what the requester would read where nothing is shared."""
    shown = record_of(row)
    return {
        "record": shown,
        "withheld": None if shown.shares else to_the_requester(row),
        "unanswered": left_unanswered(row, found),
    }


@require_POST
def finish(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Answer a check of which nothing is left to decide."""
    agency_check = fetch_or_404(
        AGENCY_CHECKS, request.actor, Permission.ANSWER, related=("case__desk", "holder"), pk=pk
    )
    finish_check(agency_check, by=request.actor)
    messages.success(request, _("The check is answered."))
    return redirect("requests:check", pk)
