"""Pages of advice: asking, answering as the adviser, noting what a discussion brought."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from decisions.advice import actions, selectors
from decisions.advice.forms import AdviceForm, NoteAdviceForm, SeekAdviceForm
from decisions.flow.steps import can_answer
from decisions.policies import ADVICE, DECISIONS
from requests_app.agency_checks.selectors import people_shown
from requests_app.clocks.words import stands
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import show

OF_A_QUESTION = ("decision__agency_check__holder", "case")
OF_A_DECISION = ("case", "agency_check__holder")


@kept_page
def seek(request: PortalRequest, pk: UUID, name: str) -> HttpResponse:
    """Put a question to the agency's adviser, without anybody's identity."""
    row = fetch_or_404(DECISIONS, request.actor, Permission.ANSWER, related=OF_A_DECISION, pk=pk)
    step = row.edition.steps.get(name)
    if step is None:
        raise Http404
    if request.method != "POST" and not can_answer(row, step):
        return redirect("decisions:decision", pk)
    people = [person.details for person in people_shown(row.agency_check)]
    form = SeekAdviceForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_bound and form.is_valid():
        actions.seek_advice(row, by=request.actor, step=name, **form.cleaned_data)
        said = stands(row.agency_check)
        messages.success(request, _("Advice has been sought. %s") % said)
        return redirect("decisions:decision", pk)
    has_adviser = selectors.has_adviser(row.agency_check)
    context = {"decision": row, "step": step, "has_adviser": has_adviser}
    return show_kept(request, "decisions/advice/seek.html", context, form=form)


@kept_page
def note(request: PortalRequest, pk: UUID, asked: UUID) -> HttpResponse:
    """Whoever asked notes what a discussion elsewhere brought."""
    row = fetch_or_404(
        ADVICE, request.actor, Permission.ANSWER, related=OF_A_QUESTION, pk=asked, decision_id=pk
    )
    if request.method != "POST" and not selectors.is_waiting(row):
        return redirect("decisions:decision", pk)
    form = NoteAdviceForm(request.POST) if request.method == "POST" else NoteAdviceForm()
    if form.is_bound and form.is_valid():
        actions.note_advice(row, by=request.actor, outcome=form.cleaned_data["outcome"])
        messages.success(request, _("The outcome is on record. The clock is running."))
        return redirect("decisions:decision", pk)
    context = {"advice": row, "asked": selectors.asked(row)}
    return show_kept(request, "decisions/advice/note.html", context, form=form)


@require_safe
def advice_list(request: PortalRequest) -> HttpResponse:
    """The questions that wait for the adviser, and the latest that were answered."""
    require_permission_or_404(request.actor, Permission.ADVISE)
    context = {"waiting": selectors.waiting(request.actor), "given": selectors.given(request.actor)}
    return show(request, "decisions/advice/list.html", context)


@kept_page
def advice(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One question, to answer; nothing on the page says whom it is about."""
    row = fetch_or_404(ADVICE, request.actor, Permission.ADVISE, related=OF_A_QUESTION, pk=pk)
    form = AdviceForm(request.POST) if request.method == "POST" else AdviceForm()
    if form.is_bound and form.is_valid():
        actions.give_advice(row, by=request.actor, outcome=form.cleaned_data["outcome"])
        messages.success(request, _("Your advice has been given."))
        return redirect("decisions:advice_list")
    context = {
        "advice": row,
        "asked": selectors.asked(row),
        "is_waiting": selectors.is_waiting(row),
    }
    return show_kept(request, "decisions/advice/answer.html", context, form=form)
