"""The requester's requests: the list, one request, checking and sending it, giving it up."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.partnership.selectors import the_partnership
from agencies.permissions import Permission
from agreement.signing.participation import why_not
from requests_app.asking import actions, selectors
from requests_app.asking.forms import StartForm
from requests_app.asking.summary import cards_of
from requests_app.clocks.due import by_when
from requests_app.drafting import of_the_requester
from requests_app.policies import RECIPIENTS, REQUESTS
from requests_app.readiness import can_be_sent
from requests_app.transitions import REQUEST
from requests_app.whole import before, newest_of, read_with
from workflow.gateway import fetch_or_404, reached_by, require_permission_or_404
from workflow.pages import page, show

if TYPE_CHECKING:
    from requests_app.models import InformationRequest

RELATED = ("agency", "desk", "requested_by")


@require_safe
def mine(request: PortalRequest) -> HttpResponse:
    """A person's own requests: first what waits for them, then the others, newest first."""
    may_ask = Permission.SEND_REQUEST in request.actor.permissions
    # Somebody named as a recipient reads what was released without the role (ISA-7.2).
    if not may_ask and not RECIPIENTS.scope(request.actor, Permission.SEND_REQUEST).exists():
        raise Http404
    only = request.GET.get("show", "")
    context = {
        "only": only if only in selectors.WAITING else "",
        "waiting": selectors.waiting_for(request.actor, only),
        "page": selectors.others_of(request.actor, request.GET.get("after", "")),
        "may_ask": may_ask,
    }
    return show(request, "requests_app/asking/mine.html", context, form=StartForm())


@require_safe
def oversight(request: PortalRequest) -> HttpResponse:
    """What the agency has asked and is asked, for those who keep oversight of it (ISA-5.1)."""
    require_permission_or_404(request.actor, Permission.OVERSEE)
    context = {
        "page": selectors.of_the_agency(request.actor, request.GET.get("after", "")),
        "checks": selectors.open_checks(request.actor),
    }
    return show(request, "requests_app/asking/oversight.html", context)


@require_POST
def start(request: PortalRequest) -> HttpResponse:
    """Begin a draft, or go on with one that was begun and is still empty."""
    require_permission_or_404(request.actor, Permission.SEND_REQUEST)
    form = StartForm(request.POST)
    form.full_clean()
    idempotency_key = form.cleaned_data["idempotency_key"]
    case = actions.go_on_or_start(
        by=request.actor, idempotency_key=idempotency_key, desk=selectors.front_door()
    )
    return redirect("requests:case", case.pk)


@require_safe
def case(request: PortalRequest, pk: UUID) -> HttpResponse:
    """A request: the list of its parts while it is being written, what became of it after."""
    permissions = (Permission.SEND_REQUEST, Permission.OVERSEE)
    row = fetch_or_404(REQUESTS, request.actor, *permissions, related=RELATED, pk=pk)
    if REQUEST.can("describe", row, by=request.actor, reached_by=reached_by(row)):
        read_with(row, selectors.WHOLE, *selectors.SAID)
        context = {
            "case": row,
            "tasks": selectors.tasks_of(row),
            "is_complete": can_be_sent(row),
            "stopped": why_not(row.agency) if row.status == row.Status.DRAFT else "",
        }
        return show(request, "requests_app/asking/tasks.html", context)
    return show(request, "requests_app/asking/case.html", _what_became(request, row))


def _what_became(request: PortalRequest, row: "InformationRequest") -> dict[str, Any]:
    """A request after it was sent, with what happened and what came back."""
    found = read_with(
        row,
        selectors.WHOLE,
        *(*selectors.SAID, "latest", "packages"),
        actor=request.actor,
        before=before(request.GET.get("before", "")),
    )
    events, earlier = newest_of(found["latest"])
    clock = selectors.clock_of_open(row)
    return {
        "case": row,
        "tag": selectors.tag_of(row.status),
        "clock": clock,
        "due": by_when(clock.due) if clock else "",
        "cards": cards_of(row),
        "entries": selectors.timeline_of(events),
        "earlier": earlier,
        "packages": found["packages"],
    }


@require_safe
@of_the_requester
def review(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """All the answers on one page, to check before it is sent."""
    read_with(case, selectors.WHOLE, *selectors.SAID)
    context = {
        "case": case,
        "cards": cards_of(case, change=True),
        "missing": selectors.missing_of(case),
        "stopped": why_not(case.agency) if case.status == case.Status.DRAFT else "",
    }
    return show(request, "requests_app/asking/review.html", context)


@require_POST
@of_the_requester
def send(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """Send it to the front door."""
    actions.send_request(case, by=request.actor)
    words = {"reference": case.reference, "front_door": the_partnership().front_door_name}
    messages.success(request, _("Request %(reference)s sent to the %(front_door)s.") % words)
    return redirect("requests:case", case.pk)


@page
@of_the_requester
def discard(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """Give up a draft, once it is confirmed."""
    if request.method == "POST":
        actions.discard_draft(case, by=request.actor)
        messages.success(request, _("Draft %s discarded.") % case.reference)
        return redirect("requests:mine")
    return show(request, "requests_app/asking/discard.html", {"case": case})
