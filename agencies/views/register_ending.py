"""How an entry of the register ends: the agency leaves, or was listed twice."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agencies.actions import register as actions
from agencies.actions import register_merging as merging
from agencies.forms.register import LeaveForm
from agencies.forms.register_merging import MergeForm
from agencies.http import PortalRequest
from agencies.lists import register as lists
from agencies.lists.register_merging import could_be_one_with, merger
from agencies.moves.register import AGENCY
from agencies.views.register import page, the_agency
from workflow.pages import show
from workflow.step_up import step_up


@page
@step_up
def leave(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What leaving would change; then, confirmed, the agency leaves."""
    row = the_agency(request, pk)
    posted = request.POST if request.method == "POST" else None
    if posted is None and not AGENCY.can("leave", row, by=request.actor):
        return redirect("agencies:agency", pk)
    form = LeaveForm(posted, initial={"seen": row.version})
    if form.is_bound and form.is_valid():
        actions.leave(row, by=request.actor, **form.cleaned_data)
        messages.success(request, _("%(agency)s has left the partnership.") % {"agency": row})
        return redirect("agencies:agency", pk)
    context = {"agency": row, "people": lists.members_by_status(row)}
    return show(request, "agencies/register_leave.html", context, form=form)


@page
@step_up
def merge(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Choose the entry to keep, read what would change, confirm: one page in two steps."""
    row = the_agency(request, pk)
    posted = request.POST if request.method == "POST" else None
    if posted is None and not AGENCY.can("merge", row, by=request.actor):
        return redirect("agencies:agency", pk)
    others = could_be_one_with(row)
    start = {"seen": row.version, "into": request.GET.get("into", "")}
    form = MergeForm(posted, others=others, initial=start)
    if form.is_bound and form.is_valid() and form.cleaned_data["sure"]:
        kept = form.kept()
        merging.merge(row, into=kept, by=request.actor, seen=form.cleaned_data["seen"])
        said = _("%(agency)s is merged into %(into)s.") % {"agency": row, "into": kept}
        messages.success(request, said)
        return redirect("agencies:agency", kept.pk)
    into = form.chosen(request.GET)
    context = {"agency": row, "merger": merger(row, into, by=request.actor) if into else None}
    return show(request, "agencies/register_merge.html", context, form=form)
