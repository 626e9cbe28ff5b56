"""Roles and e-mail domains that wait for a second person."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from agencies.http import PortalRequest
from agencies.permissions import Permission
from agencies.second_person import selectors
from agencies.second_person.actions import decide
from agencies.second_person.forms import PREFIX, DecideForm, posted
from workflow.gateway import require_permission_or_404
from workflow.pages import page, show
from workflow.step_up import step_up


@page
@step_up
def proposals(request: PortalRequest) -> HttpResponse:
    """All that wait here, to be confirmed or refused; one's own, to be withdrawn."""
    actor = request.actor
    require_permission_or_404(actor, Permission.MANAGE_PEOPLE, Permission.ADMINISTER)
    spoken_of = posted(request.POST)
    waiting = selectors.waiting(actor, spoken_of)
    form = DecideForm(request.POST if request.method == "POST" else None, waiting=waiting)
    if form.is_bound and form.is_valid():
        done = decide([each.proposal for each in waiting], form.said(), by=actor)
        said = ngettext("%s change was decided.", "%s changes were decided.", done)
        messages.success(request, said % done)
        return redirect("agencies:proposals")
    context = {
        "rows": [
            {"waiting": each, "field": form[f"{PREFIX}{each.proposal.pk}"]} for each in waiting
        ],
        "lonely": selectors.without_a_second(waiting),
        "ended": selectors.ended(actor),
    }
    return show(request, "agencies/second_person/proposals.html", context, form=form)
