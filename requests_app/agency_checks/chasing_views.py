"""Reminding an agency of its check, and asking it more (docs/adr/0126)."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.agency_checks import chasing
from requests_app.agency_checks.chasing_forms import QuestionForm
from requests_app.agency_checks.selectors import questions_of
from requests_app.clocks.words import at
from requests_app.policies import AGENCY_CHECKS
from requests_app.triage.selectors import people_in
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404

if TYPE_CHECKING:
    from requests_app.models import AgencyCheck

RELATED = ("case", "holder", "taken_by", "withdrawn_by")


def the_check(request: PortalRequest, pk: UUID) -> "AgencyCheck":
    """One check of a request at this front door; the look at it is noted."""
    return fetch_or_404(AGENCY_CHECKS, request.actor, Permission.TRIAGE, related=RELATED, pk=pk)


@require_POST
def remind(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One letter to those who answer, at most once an hour."""
    agency_check = the_check(request, pk)
    words: dict[str, object] = {"agency": agency_check.holder}
    if sent := chasing.remind_agency_check(agency_check, by=request.actor):
        words |= {"when": at(sent), "again": at(sent + chasing.ONCE_IN)}
        said = _("%(agency)s was reminded on %(when)s. You can remind it again from %(again)s.")
        messages.warning(request, said % words)
    else:
        messages.success(request, _("A reminder was sent to %(agency)s.") % words)
    return redirect("requests:check_for_desk", pk)


@kept_page
def add_question(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Ask more of a check before it is answered."""
    agency_check = the_check(request, pk)
    if request.method != "POST" and agency_check.status not in agency_check.OPEN:
        return redirect("requests:check_for_desk", pk)
    posted = request.POST if request.method == "POST" else None
    people = people_in(agency_check.case)
    form = QuestionForm(posted, people=people, shown=agency_check.shown)
    if form.is_bound and form.is_valid():
        chasing.add_question(agency_check, by=request.actor, **form.cleaned_data)
        said = _("The question was added, and %(agency)s is told.")
        messages.success(request, said % {"agency": agency_check.holder})
        return redirect("requests:check_for_desk", pk)
    context = {"agency_check": agency_check, "questions": questions_of(agency_check)}
    return show_kept(request, "requests_app/agency_checks/add_question.html", context, form=form)
