"""How an entry of the register ends: the agency leaves, or was listed twice."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agencies.http import PortalRequest
from agencies.merging import actions
from agencies.merging.forms import MergeForm
from agencies.merging.selectors import could_be_one_with, merger
from agencies.register import actions as register
from agencies.register.forms import LeaveForm
from agencies.register.selectors import members_by_status
from agencies.register.transitions import AGENCY
from agencies.register.views import the_agency
from workflow.pages import page, show
from workflow.step_up import step_up


@page
@step_up
def leave(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What leaving would change; then, confirmed, the agency leaves."""
    row = the_agency(request, pk)
    posted = request.POST if request.method == "POST" else None
    if posted is None and not AGENCY.can("leave", row, by=request.actor):
        return redirect("agencies:agency", pk)
    form = LeaveForm(posted, initial={"expected_version": row.version})
    if form.is_bound and form.is_valid():
        register.leave(row, by=request.actor, **form.cleaned_data)
        messages.success(request, _("%(agency)s has left the partnership.") % {"agency": row})
        return redirect("agencies:agency", pk)
    context = {"agency": row, "people": members_by_status(row)}
    return show(request, "agencies/merging/leave.html", context, form=form)


@page
@step_up
def merge(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Choose the entry to keep, read what would change, confirm: one page in two steps."""
    row = the_agency(request, pk)
    posted = request.POST if request.method == "POST" else None
    if posted is None and not AGENCY.can("merge", row, by=request.actor):
        return redirect("agencies:agency", pk)
    others = could_be_one_with(row)
    start = {"expected_version": row.version, "into": request.GET.get("into", "")}
    form = MergeForm(posted, others=others, initial=start)
    if form.is_bound and form.is_valid() and form.cleaned_data["sure"]:
        kept = form.kept()
        actions.merge(
            row, into=kept, by=request.actor, expected_version=form.cleaned_data["expected_version"]
        )
        said = _("%(agency)s is merged into %(into)s.") % {"agency": row, "into": kept}
        messages.success(request, said)
        return redirect("agencies:agency", kept.pk)
    into = form.chosen(request.GET)
    context = {"agency": row, "merger": merger(row, into, by=request.actor) if into else None}
    return show(request, "agencies/merging/merge.html", context, form=form)
