"""Pages of the safeguarding partners."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from decisions.flow.selectors import record_of
from decisions.policies import SCRUTINIES
from decisions.scrutiny import selectors
from decisions.scrutiny.actions import accept_decision, ask_to_reconsider
from decisions.scrutiny.forms import ACCEPT, ScrutinyForm
from sessions.unsent import kept_page, show_kept
from workflow.compiled import rows_for
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import show

SAID = {
    True: gettext_noop("You accepted the decision on %s."),
    False: gettext_noop("You asked the agency to reconsider its decision on %s."),
}
RELATED = (
    "case",
    "partner",
    "decision__agency_check__holder",
    "decision__decided_by",
    "decision__superseded_by",
)


@require_safe
def scrutinies(request: PortalRequest) -> HttpResponse:
    """Every decision not to share that waits for the partners, and what they said before."""
    require_permission_or_404(request.actor, Permission.SCRUTINISE)
    context = {
        "waiting": selectors.with_words(rows_for(request.actor, selectors.waiting)),
        "closed": selectors.with_what_was_said(rows_for(request.actor, selectors.closed)),
        "most": selectors.LATEST,
    }
    return show(request, "decisions/scrutiny/list.html", context)


@kept_page
def scrutiny(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One decision not to share: its record, and what the partners say to it."""
    row = fetch_or_404(SCRUTINIES, request.actor, Permission.SCRUTINISE, related=RELATED, pk=pk)
    form = ScrutinyForm(request.POST) if request.method == "POST" else ScrutinyForm()
    if form.is_bound and form.is_valid():
        accepts = form.cleaned_data["said"] == ACCEPT
        act = accept_decision if accepts else ask_to_reconsider
        act(row, by=request.actor, reasons=form.reasons)
        messages.success(request, _(SAID[accepts]) % row.decision.agency_check.reference)
        return redirect("decisions:scrutinies")
    context = {"scrutiny": selectors.with_words([row])[0], "record": record_of(row.decision)}
    return show_kept(request, "decisions/scrutiny/page.html", context, form=form)
