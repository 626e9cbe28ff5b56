"""Roles and e-mail domains that wait for a second person."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from agencies.actions.proposals import decide
from agencies.forms.proposals import PREFIX, DecideForm, posted
from agencies.http import PortalRequest
from agencies.lists import proposals as lists
from agencies.permissions import May
from workflow.doors import hold_or_404
from workflow.pages import show
from workflow.step_up import step_up


@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def proposals(request: PortalRequest) -> HttpResponse:
    """All that wait here, to be confirmed or refused; one's own, to be withdrawn."""
    actor = request.actor
    hold_or_404(actor, May.MANAGE_PEOPLE, May.ADMINISTER)
    spoken_of = posted(request.POST)
    waiting = lists.waiting(actor, spoken_of)
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
        "lonely": lists.without_a_second(waiting),
        "ended": lists.ended(actor),
    }
    return show(request, "agencies/proposals.html", context, form=form)
