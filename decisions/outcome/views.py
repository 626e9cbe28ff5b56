"""Pages of what an outcome asks for; each leads on to what is still to be said."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agencies.http import PortalRequest
from agencies.permissions import Permission
from decisions.flow import actions as deciding
from decisions.flow import readiness
from decisions.flow.steps import next_page, points_of
from decisions.flow.whole import RECORD, read
from decisions.outcome import forms
from decisions.outcome.actions import say_what_sharing_asks
from decisions.outcome.basis_form import BasisForm
from decisions.outcome.sharing import SharingForm
from decisions.policies import DECISIONS
from requests_app.agency_checks.beside import beside
from requests_app.policies import ITEMS
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404

if TYPE_CHECKING:
    from decisions.models import Decision
    from decisions.outcome.forms import Due

RELATED = ("case", "agency_check__holder", "agency_check__case__desk")


def _go_on(row: "Decision") -> HttpResponse:
    """To what is due next; the row as it was just written, with its parts asked at once."""
    read(row, *RECORD)
    return redirect(next_page(row))


@kept_page
def sharing(request: PortalRequest, pk: UUID) -> HttpResponse:
    """All that sharing asks for; the information too, where there is but one piece of it."""
    row = fetch_or_404(DECISIONS, request.actor, Permission.ANSWER, related=RELATED, pk=pk)
    if request.method != "POST":
        read(row, *RECORD, "subjects", "pauses")
        if not readiness.is_due(row, "basis"):
            return redirect("decisions:decision", pk)
    form = SharingForm(row, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return _go_on(say_what_sharing_asks(row, by=request.actor, **form.said()))
    context = {"decision": row, "beside": beside(row.agency_check)}
    return show_kept(request, "decisions/outcome/sharing.html", context, form=form)


@kept_page
def basis(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The lawful basis; the condition and the ground where they are due."""
    row = fetch_or_404(DECISIONS, request.actor, Permission.ANSWER, related=RELATED, pk=pk)
    if request.method != "POST" and not readiness.is_due(row, "basis"):
        return redirect("decisions:decision", pk)
    posted = request.POST if request.method == "POST" else None
    form = BasisForm(posted, decision=row, special=readiness.has_special_category(row))
    if form.is_bound and form.is_valid():
        return _go_on(deciding.say_on_what_basis(row, by=request.actor, **form.said()))
    return _show(request, row, form, title=_("Lawful basis for sharing"))


@kept_page
def content(request: PortalRequest, pk: UUID, item: UUID) -> HttpResponse:
    """What one piece of information is, typed only now that it is to be shared."""
    row = fetch_or_404(DECISIONS, request.actor, Permission.ANSWER, related=RELATED, pk=pk)
    piece = fetch_or_404(
        ITEMS,
        request.actor,
        Permission.ANSWER,
        related=("question",),
        pk=item,
        weighed__decision=pk,
    )
    if request.method != "POST" and not readiness.is_due(row, "content"):
        return redirect("decisions:decision", pk)
    form = forms.ContentForm(
        request.POST if request.method == "POST" else None,
        item=piece,
        holder=row.agency_check.holder,
    )
    if form.is_bound and form.is_valid():
        deciding.describe_item(row, piece, by=request.actor, **form.said())
        return _go_on(row)
    context = {"decision": row, "item": piece, "beside": beside(row.agency_check)}
    return show_kept(request, "decisions/outcome/content.html", context, form=form)


@kept_page
def how(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The five points on how to share, each confirmed or explained (H-HOW)."""
    return _points(request, pk, "how", _("How it is shared"))


@kept_page
def caldicott(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The Caldicott principles, for agencies of health and social care (CAL)."""
    return _points(request, pk, "caldicott", _("Caldicott principles"))


def _points(request: PortalRequest, pk: UUID, kind: str, title: str) -> HttpResponse:
    row = fetch_or_404(DECISIONS, request.actor, Permission.ANSWER, related=RELATED, pk=pk)
    if kind == "caldicott" and not row.agency_check.holder.follows_caldicott:
        raise Http404
    if request.method != "POST" and not readiness.is_due(row, kind):
        return redirect("decisions:decision", pk)
    posted = request.POST if request.method == "POST" else None
    points = points_of(row, kind)
    form = forms.PointsForm(posted, texts=getattr(row.edition, kind), points=points)
    if form.is_bound and form.is_valid():
        expected_version = form.cleaned_data["expected_version"]
        deciding.consider_points(
            row, by=request.actor, kind=kind, points=form.said(), expected_version=expected_version
        )
        return _go_on(row)
    return _show(request, row, form, title=title, lead=_("Confirm each point, or explain."))


@kept_page
def told(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Whether the child or family is told."""
    row = fetch_or_404(DECISIONS, request.actor, Permission.ANSWER, related=RELATED, pk=pk)
    if request.method != "POST" and not readiness.is_due(row, "told"):
        return redirect("decisions:decision", pk)
    form = forms.ToldForm(request.POST if request.method == "POST" else None, decision=row)
    if form.is_bound and form.is_valid():
        return _go_on(deciding.say_whether_told(row, by=request.actor, **form.said()))
    return _show(request, row, form, title=_("Has the family been told?"), heading_in_form=True)


@kept_page
def why_not(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Why it is not shared, and the safety and well-being considered (ISA-5.4)."""
    row = fetch_or_404(DECISIONS, request.actor, Permission.ANSWER, related=RELATED, pk=pk)
    if request.method != "POST" and not readiness.is_due(row, "why_not"):
        return redirect("decisions:decision", pk)
    form = forms.WhyNotForm(request.POST if request.method == "POST" else None, decision=row)
    if form.is_bound and form.is_valid():
        return _go_on(deciding.say_why_not(row, by=request.actor, **form.said()))
    of_health = row.agency_check.holder.follows_caldicott
    principles = list(row.edition.caldicott.values()) if of_health else []
    title = _("Reasons for not sharing")
    return _show(request, row, form, title=title, principles=principles)


def _show(request: PortalRequest, row: "Decision", form: "Due", **words: Any) -> HttpResponse:
    """One form of what is due, with the check beside it."""
    context = {"decision": row, "beside": beside(row.agency_check), **words}
    return show_kept(request, "decisions/outcome/due.html", context, form=form)
