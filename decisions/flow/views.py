"""Pages on which a decision is made: the check's decisions, one of them, its questions."""

from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from decisions.flow import actions, readiness, selectors, steps, whole
from decisions.flow.forms import OnceForm, SplitForm, StepForm
from decisions.policies import DECISIONS
from requests_app.agency_checks.beside import beside
from requests_app.agency_checks.selectors import with_clock
from requests_app.policies import AGENCY_CHECKS
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404
from workflow.pages import page, show

if TYPE_CHECKING:
    from requests_app.models import AgencyCheck

RELATED = ("case", "agency_check__holder", "agency_check__case__desk", "decided_by", "supersedes")
SHOWN = ("agency_check__holder", "agency_check__case__desk", "decided_by", "agreement")
OF_A_CHECK = ("case__desk", "holder")


@require_safe
def of_check(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Every decision of a check, also those that newer ones supersede."""
    agency_check = fetch_or_404(
        AGENCY_CHECKS, request.actor, Permission.ANSWER, related=OF_A_CHECK, pk=pk
    )
    context = {
        "agency_check": agency_check,
        "decisions": selectors.decisions_of(agency_check),
        "undecided": list(selectors.undecided(agency_check)),
        "can_be_finished": readiness.can_be_finished(agency_check),
        "idempotency_key": uuid4(),
    }
    return show(request, "decisions/flow/check.html", context)


@require_POST
def begin(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Begin to decide about all that is listed; where nothing is left, see the decisions."""
    agency_check = fetch_or_404(
        AGENCY_CHECKS, request.actor, Permission.ANSWER, related=OF_A_CHECK, pk=pk
    )
    form = OnceForm(request.POST)
    form.is_valid()
    return _begun(request, agency_check, form.cleaned_data["idempotency_key"])


def begin_listed(
    request: PortalRequest, agency_check: "AgencyCheck", idempotency_key: UUID
) -> HttpResponse:
    """Begin to decide about all that is listed, once one more piece of it has been."""
    return _begun(request, agency_check, uuid5(idempotency_key, "decision"))


def _begun(
    request: PortalRequest, agency_check: "AgencyCheck", idempotency_key: UUID
) -> HttpResponse:
    """The first question, where one piece is decided about by itself; else the decision."""
    if selectors.undecided(agency_check).exists():
        row = actions.begin_decision(
            agency_check, by=request.actor, idempotency_key=idempotency_key
        )
        if row.weighed.count() == 1:
            return redirect(steps.next_page(row))
        return redirect("decisions:decision", row.pk)  # where they can be decided apart
    if only := selectors.the_open_one(agency_check):
        return redirect("decisions:decision", only.pk)
    return redirect("decisions:of_check", agency_check.pk)


@require_safe
def decision(request: PortalRequest, pk: UUID) -> HttpResponse:
    """A decision: while it is made what comes next, afterwards its record."""
    permissions = (Permission.ANSWER, Permission.OVERSEE)
    row = fetch_or_404(DECISIONS, request.actor, *permissions, related=SHOWN, pk=pk)
    if row.status == row.Status.RECORDED:
        found = whole.read(row, *whole.RECORDED_PAGE)
        row = selectors.with_its_scrutiny(row, found)
        context = {"record": selectors.record_of(row), "row": row}
        return show(request, "decisions/flow/recorded.html", context | {"idempotency_key": uuid4()})
    if row.agency_check.is_withdrawn:
        context = {"decision": row, "record": selectors.record_of(row)}
        return show(request, "decisions/flow/stopped.html", context)
    whole.read(row, *whole.OPEN_PAGE)
    context = {
        "decision": row,
        "agency_check": with_clock(row.agency_check),
        "record": selectors.record_of(row),
        "place": row.where(),
        "tasks": steps.tasks_of(row),
        "can_be_recorded": readiness.can_be_recorded(row),
        "asked": steps.still_asked(row),
    }
    return show(request, "decisions/flow/decision.html", context)


@kept_page
def step(request: PortalRequest, pk: UUID, name: str) -> HttpResponse:
    """A question and what it leads to; one that is moot leads back to the decision."""
    row = fetch_or_404(DECISIONS, request.actor, Permission.ANSWER, related=RELATED, pk=pk)
    place = row.edition.steps.get(name)
    if place is None:
        raise Http404
    if request.method != "POST":
        whole.read(row, "answers", "advice", "subjects", "pauses")
        if not steps.can_answer(row, place):
            return redirect("decisions:decision", pk)
    posted = request.POST if request.method == "POST" else None
    answers = steps.answers_of(row)  # opened also where they are replaced
    asked = steps.asked_together(row, place, answers, posted or {})
    form = StepForm(posted, decision=row, steps=asked, answers=answers)
    if form.is_bound and form.is_valid():
        return redirect(steps.next_page(actions.answer_page(row, by=request.actor, **form.said())))
    bearing = steps.bearing_on(row, asked, form.chosen())
    context = {"decision": row, "step": place, "bearing": bearing}
    context["beside"] = beside(row.agency_check)
    return show_kept(request, "decisions/flow/step.html", context, form=form)


@page
def split(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Decide some pieces of information apart from the others."""
    row = fetch_or_404(DECISIONS, request.actor, Permission.ANSWER, related=RELATED, pk=pk)
    pieces = whole.items_of(row)
    is_possible = readiness.is_being_made(row) and len(pieces) > 1
    if request.method != "POST" and not is_possible:
        return redirect("decisions:decision", pk)
    form = SplitForm(request.POST if request.method == "POST" else None, pieces=pieces)
    if form.is_bound and form.is_valid():
        apart = actions.split_off(row, by=request.actor, **form.cleaned_data)
        messages.success(request, _("These are now a decision of their own."))
        return redirect("decisions:decision", apart.pk)
    return show(request, "decisions/flow/split.html", {"decision": row}, form=form)


@require_POST
def anew(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Decide anew what the partners asked to reconsider; the old decision stays (ISA-5.4)."""
    row = fetch_or_404(DECISIONS, request.actor, Permission.ANSWER, related=RELATED, pk=pk)
    form = OnceForm(request.POST)
    form.is_valid()
    again = actions.begin_anew(
        row, by=request.actor, idempotency_key=form.cleaned_data["idempotency_key"]
    )
    messages.success(request, _("A new decision has begun. The old one stays on record."))
    return redirect("decisions:decision", again.pk)
