"""Releasing to named people, and what they do with it: read it, and acknowledge it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from agreement.signing.participation import why_not
from requests_app.agency_people import people_to_name
from requests_app.policies import RECIPIENTS, RELEASES
from requests_app.release import selectors
from requests_app.release.actions import acknowledge as acknowledge_receipt
from requests_app.release.actions import release_information
from requests_app.release.forms import ReleaseForm
from requests_app.triage import selectors as triage
from requests_app.triage.views import the_case, too_early_or_late
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404
from workflow.pages import show
from workflow.step_up import step_up

RELATED = ("case__agency", "case__desk")


@require_safe
def released(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One package. Each agency whose information is in it sees that it was read (ISA-7.2)."""
    release = fetch_or_404(RELEASES, request.actor, Permission.SEND_REQUEST, related=RELATED, pk=pk)
    package = selectors.package_shown(release, request.actor)
    return show(request, "requests_app/release/package.html", {"package": package})


@require_POST
def acknowledge(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Say that it was received and read."""
    me = request.actor.user.pk
    recipient = fetch_or_404(
        RECIPIENTS, request.actor, Permission.SEND_REQUEST, release_id=pk, person_id=me
    )
    acknowledge_receipt(recipient, by=request.actor)
    messages.success(request, _("You have acknowledged that you received this information."))
    return redirect("requests:released", pk)


@kept_page
@step_up
def release(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Release some answers; later parts go out by the same page."""
    case = the_case(request, pk)
    if too_early_or_late(request, case, "release"):
        return redirect("requests:triage_case", pk)
    posted = request.POST if request.method == "POST" else None
    people, asker = people_to_name(case.agency_id), case.requested_by_id
    answers = selectors.can_go_out(case)
    form = ReleaseForm(posted, answers=answers, people=people, asker=asker)
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        to = len(given["recipients"])
        agency_checks = given.pop("answers")
        release_information(case, by=request.actor, agency_checks=agency_checks, **given)
        said = ngettext("Released to %s person.", "Released to %s people.", to) % to
        messages.success(request, said)
        return redirect("requests:release", pk)
    selectors.describe(answers, case)
    form = ReleaseForm(posted, answers=answers, people=people, asker=asker)
    context = {"case": case, "answers": answers, "releases": triage.releases_of(case)}
    context["stopped"] = why_not(case.agency)
    return show_kept(request, "requests_app/release/release.html", context, form=form)
