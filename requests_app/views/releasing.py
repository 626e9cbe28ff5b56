"""Releasing answers to named people, and what was released before (ISA-6.1)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from agencies.http import PortalRequest
from agreement.lists.participation import why_not
from requests_app.actions.releasing import release_information
from requests_app.forms.releasing import ReleaseForm
from requests_app.lists import receiving, triage
from requests_app.views.triage import page, the_case, too_early_or_late
from workflow.pages import show
from workflow.step_up import step_up


@page
@step_up
def release(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Release some answers; later parts go out by the same page."""
    case = the_case(request, pk)
    if too_early_or_late(request, case, "release"):
        return redirect("requests:triage_case", pk)
    answers, people = receiving.releasable(case), receiving.people_at(case)
    posted = request.POST if request.method == "POST" else None
    form = ReleaseForm(posted, answers=answers, people=people, asker=case.requested_by_id)
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        to = len(given["recipients"])
        enquiries = given.pop("answers")
        release_information(case, by=request.actor, enquiries=enquiries, **given)
        said = ngettext("Released to %s person.", "Released to %s people.", to) % to
        messages.success(request, said)
        return redirect("requests:release", pk)
    context = {"case": case, "answers": answers, "releases": triage.releases_of(case)}
    context["stopped"] = why_not(case.agency)
    return show(request, "requests_app/triage_release.html", context, form=form)
