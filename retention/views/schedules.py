"""The retention schedules, kept by the office (ISA-8.2)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.http import PortalRequest
from agencies.permissions import May
from agencies.policies.register import AGENCIES
from retention.actions.schedules import set_schedule
from retention.forms.schedules import ScheduleForm
from retention.lists import schedules as lists
from workflow.doors import fetch_or_404, hold_or_404
from workflow.pages import show


@require_safe
def schedules(request: PortalRequest) -> HttpResponse:
    """Every schedule that was set."""
    hold_or_404(request.actor, May.ADMINISTER)
    page = lists.all_schedules(request.actor, request.GET.get("after", ""))
    return show(request, "retention/schedules.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def of_agency(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One agency's schedules, and a form that sets one of them."""
    agency = fetch_or_404(AGENCIES, request.actor, May.ADMINISTER, pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = ScheduleForm(posted, is_front_door=agency.is_front_door)
    if form.is_bound and form.is_valid():
        set_schedule(agency, by=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("retention:agency", pk)
    context = {"agency": agency, "rows": lists.schedules_of(agency, request.actor)}
    return show(request, "retention/agency.html", context, form=form)
