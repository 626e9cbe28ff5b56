"""Other requests that may be about the same people: suggested, never merged (domain rule 9)."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from audit.record import Kind
from requests_app.matching.forms import JudgeForm, UndoForm
from requests_app.matching.judging import judge, undo_verdict
from requests_app.matching.pairs import pair_of
from requests_app.matching.selectors import MOST, matches_of
from requests_app.policies import REQUESTS, SUBJECTS
from workflow.gateway import fetch_or_404
from workflow.pages import page, show

if TYPE_CHECKING:
    from requests_app.models import Subject


@require_safe
def matches(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Look for possible matches: noted as a search here, and as a look at each that is found."""
    case = fetch_or_404(REQUESTS, request.actor, Permission.TRIAGE, kind=Kind.SEARCHED, pk=pk)
    found = matches_of(case, request.actor)
    context = {"case": case, "found": found, "most": MOST}
    return show(request, "requests_app/matching/matches.html", context)


@page
def match(request: PortalRequest, mine: UUID, theirs: UUID) -> HttpResponse:
    """Two people side by side, and whether they are one."""
    one, other = _people(request, mine, theirs)
    now = {"mine_version": one.version, "theirs_version": other.version}
    form = JudgeForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_bound and form.is_valid():
        said = judge(one, other, by=request.actor, **form.said)
        messages.success(request, _done(said.status) % other.case.reference)
        return redirect("requests:triage_case", one.case.pk)
    context = {"case": one.case, "pair": pair_of(one, other, request.actor)}
    return show(request, "requests_app/matching/match.html", context, form=form)


@page
def match_undo(request: PortalRequest, mine: UUID, theirs: UUID) -> HttpResponse:
    """Take back what was said of two people."""
    one, other = _people(request, mine, theirs)
    pair = pair_of(one, other, request.actor)
    if request.method != "POST" and pair.verdict is None:
        return redirect("requests:match", mine, theirs)
    shown = {"expected_version": pair.verdict.version if pair.verdict else None}
    form = UndoForm(request.POST if request.method == "POST" else None, initial=shown)
    if form.is_bound and form.is_valid():
        undo_verdict(one, other, by=request.actor, **form.cleaned_data)
        messages.success(request, _("What was said of the match was undone."))
        return redirect("requests:triage_case", one.case.pk)
    context = {"case": one.case, "pair": pair}
    return show(request, "requests_app/matching/undo.html", context, form=form)


def _done(status: str) -> str:
    if status == "linked":
        return _("You linked this request with %s.")
    return _("You said that it is not the same person as in %s.")


def _people(request: PortalRequest, mine: UUID, theirs: UUID) -> "tuple[Subject, Subject]":
    """Somebody in one request and somebody in another; that both are looked at is noted."""
    one, other = (
        fetch_or_404(
            SUBJECTS,
            request.actor,
            Permission.TRIAGE,
            related=("case__agency",),
            pk=person,
            status="current",
        )
        for person in (mine, theirs)
    )
    if one.case_id == other.case_id:
        raise Http404
    return one, other
