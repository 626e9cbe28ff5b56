"""Recording that a check was made on a person, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agencies.http import PortalRequest
from agencies.people.forms import sure_form
from agencies.people.views import the_member
from agencies.permissions import Permission
from agencies.policies import CHECKS
from agencies.vetting import actions
from agencies.vetting.forms import CheckForm
from workflow.gateway import fetch_or_404
from workflow.pages import page, show
from workflow.step_up import step_up


@page
@step_up
def add(request: PortalRequest, pk: UUID) -> HttpResponse:
    """That a check was made, by whom and until when it holds; never what it found."""
    membership = the_member(request, pk)
    form = CheckForm(request.POST) if request.method == "POST" else CheckForm()
    if form.is_bound and form.is_valid():
        actions.record_check(membership, by=request.actor, **form.cleaned_data)
        messages.success(request, _("The check was recorded."))
        return redirect("agencies:member", pk)
    return show(request, "agencies/vetting/check.html", {"membership": membership}, form=form)


@page
@step_up
def withdraw(request: PortalRequest, pk: UUID, check: UUID) -> HttpResponse:
    """Say that a check no longer counts."""
    membership = the_member(request, pk)
    found = fetch_or_404(
        CHECKS, request.actor, Permission.MANAGE_PEOPLE, pk=check, membership_id=pk
    )
    label = _("This check was recorded by mistake, or no longer counts")
    form = sure_form(request, label)
    if form.is_bound and form.is_valid():
        actions.withdraw_check(found, by=request.actor)
        messages.success(request, _("The check was withdrawn."))
        return redirect("agencies:member", pk)
    what = _("Unless another check is in date, the person can then no longer open cases.")
    context = {"membership": membership, "title": _("Withdraw the check"), "what": what}
    return show(request, "agencies/people_sure.html", context, form=form)
