"""The partnership itself: what it is called, how fast it answers, who its partners are."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agencies.http import PortalRequest
from agencies.partnership.actions import change_partnership
from agencies.partnership.forms import PartnershipForm
from agencies.permissions import Permission
from agencies.register.policies import PARTNERSHIP
from workflow.gateway import fetch_or_404
from workflow.pages import page, show
from workflow.step_up import step_up


@page
@step_up
def partnership(request: PortalRequest) -> HttpResponse:
    """One page with one form."""
    fetch_or_404(PARTNERSHIP, request.actor, Permission.ADMINISTER)
    form = PartnershipForm(request.POST) if request.method == "POST" else PartnershipForm()
    if form.is_bound and form.is_valid():
        change_partnership(by=request.actor, **form.asks())
        messages.success(request, _("What you changed about the partnership is saved."))
        return redirect("agencies:partnership")
    return show(request, "agencies/partnership/partnership.html", form=form)
