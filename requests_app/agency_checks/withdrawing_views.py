"""Withdrawing an agency check (docs/adr/0131)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agencies.http import PortalRequest
from requests_app.agency_checks.chasing_views import the_check
from requests_app.agency_checks.withdrawing import withdraw_agency_check
from requests_app.agency_checks.withdrawing_forms import WithdrawForm
from sessions.unsent import kept_page, show_kept


@kept_page
def withdraw(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Ask an agency no longer, with a reason."""
    agency_check = the_check(request, pk)
    if request.method != "POST" and agency_check.status not in agency_check.OPEN:
        return redirect("requests:check_for_desk", pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        withdraw_agency_check(agency_check, by=request.actor, **form.said())
        said = _("Check %(reference)s is withdrawn, and %(agency)s is told.")
        words = {"reference": agency_check.reference, "agency": agency_check.holder}
        messages.success(request, said % words)
        return redirect("requests:triage_case", agency_check.case_id)
    context = {"agency_check": agency_check}
    return show_kept(request, "requests_app/agency_checks/withdraw.html", context, form=form)
