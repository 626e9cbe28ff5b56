"""Pages of an agency check: listed, taken, handed on, not known."""

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.agency_checks import actions, selectors, several
from requests_app.agency_checks.forms import HandForm, NotKnownForm
from requests_app.clocks.words import explain
from requests_app.policies import AGENCY_CHECKS
from requests_app.request_fields import told_of
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404
from workflow.pages import page, show

if TYPE_CHECKING:
    from requests_app.models import AgencyCheck

RELATED = ("case__desk", "holder", "taken_by")


@require_safe
def checks(request: PortalRequest) -> HttpResponse:
    """What waits for an answer, the front door's checks by how urgent they are (ISA-3.6)."""
    if not several.may_answer_something(request.actor):
        raise Http404
    chosen = request.GET.get("show", "")
    back = chosen == several.BACK
    asked = request.GET.get("sort", "")
    sort = asked if asked in selectors.SORTS else ""
    inbox = selectors.inbox_of(request.actor, only_back=back, sort=sort)
    context = {
        "inbox": several.narrowed(inbox, chosen),
        "chips": [] if back else several.chips_of(inbox, chosen, sort),
        "sorts": several.sorts_of(chosen, sort),
        "only_back": back,
        "chosen": chosen in several.FILTERS and chosen,
    }
    return show(request, "requests_app/agency_checks/inbox.html", context)


@require_safe
def check(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One check: whom to look for, what is asked, and what can be done about it."""
    agency_check = fetch_or_404(
        AGENCY_CHECKS, request.actor, Permission.ANSWER, related=RELATED, pk=pk
    )
    if agency_check.is_withdrawn:
        return _withdrawn(request, agency_check)
    selectors.read(agency_check)
    timed = selectors.with_clock(agency_check)
    context = {
        "agency_check": timed,
        "explained": explain(timed.clock, timed),
        "people": selectors.people_shown(agency_check),
        "purposes": selectors.purposes_of(agency_check),
        "told": told_of(agency_check),
        "questions": selectors.questions_of(agency_check),
        "items": selectors.listed(agency_check),
        "idempotency_key": uuid4(),
    }
    return show(request, "requests_app/agency_checks/check.html", context)


def _withdrawn(request: PortalRequest, agency_check: "AgencyCheck") -> HttpResponse:
    """That the agency was asked, and what it had written itself; nothing of whom it was about."""
    context = {"agency_check": agency_check, "items": selectors.listed(agency_check)}
    return show(request, "requests_app/agency_checks/withdrawn.html", context)


@require_POST
def take(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Take it on oneself, and go on to list what is held where that is what was pressed."""
    agency_check = fetch_or_404(
        AGENCY_CHECKS, request.actor, Permission.ANSWER, related=RELATED, pk=pk
    )
    actions.take_agency_check(agency_check, by=request.actor)
    messages.success(request, _("You have taken this check."))
    if "add" not in request.POST:
        return redirect("requests:check", pk)
    return redirect(f"{reverse('requests:add_item', args=[pk])}{_about(request.POST['add'])}")


def _about(question: str) -> str:
    """Of which question something is added, for the page that asks; no more than its id."""
    try:
        return f"?question={UUID(question)}"
    except ValueError:
        return ""


@page
def hand(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Hand it to a colleague, who gets a part in the case by it."""
    agency_check = fetch_or_404(
        AGENCY_CHECKS, request.actor, Permission.ANSWER, related=RELATED, pk=pk
    )
    if request.method != "POST" and agency_check.status not in agency_check.OPEN:
        return redirect("requests:check", pk)
    people = selectors.colleagues(agency_check, request.actor)
    form = HandForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_bound and form.is_valid():
        colleague = form.cleaned_data["colleague"]
        actions.hand_agency_check(agency_check, by=request.actor, colleague=colleague)
        said = _("Check %(reference)s is now with %(person)s.")
        words = {"reference": agency_check.reference, "person": colleague}
        messages.success(request, said % words)
        return redirect(
            "requests:checks" if Permission.ANSWER in request.actor.permissions else "home"
        )
    context = {"agency_check": agency_check}
    return show(request, "requests_app/agency_checks/hand.html", context, form=form)


@kept_page
def not_known(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Answer that nobody in it is known here, and what was searched."""
    agency_check = fetch_or_404(
        AGENCY_CHECKS, request.actor, Permission.ANSWER, related=RELATED, pk=pk
    )
    if request.method != "POST" and agency_check.status not in agency_check.OPEN:
        return redirect("requests:check", pk)
    form = NotKnownForm(request.POST) if request.method == "POST" else NotKnownForm()
    if form.is_bound and form.is_valid():
        searched = form.cleaned_data["searched"]
        actions.answer_not_known(agency_check, by=request.actor, searched=searched)
        said = _("Not known to this agency: your answer to check %(reference)s has been sent.")
        messages.success(request, said % {"reference": agency_check.reference})
        return redirect("requests:check", pk)
    context = {
        "agency_check": selectors.with_clock(agency_check),
        "people": selectors.people_shown(agency_check),
    }
    return show_kept(request, "requests_app/agency_checks/not_known.html", context, form=form)
