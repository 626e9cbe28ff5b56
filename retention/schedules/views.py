"""The retention schedules, kept by the office (ISA-8.2)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from agencies.register.policies import AGENCIES
from retention.schedules import selectors
from retention.schedules.actions import set_schedule
from retention.schedules.forms import ScheduleForm
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import page, show


@require_safe
def schedules(request: PortalRequest) -> HttpResponse:
    """Every schedule that was set."""
    require_permission_or_404(request.actor, Permission.ADMINISTER)
    page = selectors.all_schedules(request.actor, request.GET.get("after", ""))
    return show(request, "retention/schedules/schedules.html", {"page": page})


@page
def of_agency(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One agency's schedules, and a form that sets one of them."""
    agency = fetch_or_404(AGENCIES, request.actor, Permission.ADMINISTER, pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = ScheduleForm(posted, is_front_door=agency.is_front_door)
    if form.is_bound and form.is_valid():
        set_schedule(agency, by=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("retention:agency", pk)
    context = {"agency": agency, "rows": selectors.schedules_of(agency, request.actor)}
    return show(request, "retention/schedules/agency.html", context, form=form)
