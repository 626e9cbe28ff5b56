"""Opening a case without a part in it, and ending that (ISA-7.2); reading it is a room above."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import May
from requests_app.actions.openings import close_opening, open_otherwise
from requests_app.forms.openings import OpenForm
from requests_app.lists import openings as lists
from requests_app.policies import OPENINGS
from workflow.doors import fetch_or_404, hold_or_404
from workflow.pages import show
from workflow.step_up import step_up


@require_safe
def openings(request: PortalRequest) -> HttpResponse:
    """What this person has opened for another reason, the latest first."""
    hold_or_404(request.actor, May.OPEN_OTHERWISE)
    page = lists.own(request.actor, request.GET.get("after", ""))
    return show(request, "requests_app/openings_own.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def open_case(request: PortalRequest) -> HttpResponse:
    """Open one, by its reference and for a reason, once who it is was proved again."""
    hold_or_404(request.actor, May.OPEN_OTHERWISE)
    posted = request.POST if request.method == "POST" else None
    form = OpenForm(posted, actor=request.actor)
    if form.is_bound and form.is_valid() and form.case:
        given = {name: form.cleaned_data[name] for name in ("once", "reason", "in_words")}
        opening = open_otherwise(form.case, by=request.actor, **given)
        messages.success(request, _("Opened. The front door and whoever asked have been told."))
        return redirect("decisions:opened", opening.pk)
    return show(request, "requests_app/openings_open.html", form=form)


@require_POST
def close(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Close it before its hour is over."""
    opening = fetch_or_404(OPENINGS, request.actor, May.OPEN_OTHERWISE, pk=pk)
    close_opening(opening, by=request.actor)
    messages.success(request, _("Closed."))
    return redirect("requests:openings")
