"""Letting people begin again who have lost their devices: two people, neither of them the one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from authentication.mfa_reset import actions, selectors
from authentication.mfa_reset.forms import AskForm
from authentication.mfa_reset.policies import PEOPLE, RESETS
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import page, show
from workflow.step_up import step_up

RELATED = ("person", "agency", "asked_by")


@require_safe
def people(request: PortalRequest) -> HttpResponse:
    """Resets that wait, and the people for whom one can be asked."""
    actor = request.actor
    require_permission_or_404(actor, Permission.MANAGE_PEOPLE, Permission.ADMINISTER)
    agency = selectors.chosen_agency(actor, request.GET.get("agency", ""))
    context = {
        "waiting": selectors.open_resets(actor),
        "ended": selectors.ended_resets(actor),
        "agency": agency,
        "agencies": selectors.agencies_to_choose(actor),
        "people": selectors.people_to_reset(actor, agency),
    }
    return show(request, "authentication/mfa_reset/resets.html", context)


@page
@step_up
def ask(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Ask for a reset for one person."""
    membership = fetch_or_404(
        PEOPLE, request.actor, Permission.MANAGE_PEOPLE, pk=pk, related=("user", "agency")
    )
    form = AskForm(request.POST) if request.method == "POST" else AskForm()
    if form.is_bound and form.is_valid():
        actions.ask(membership, by=request.actor, **form.cleaned_data)
        messages.success(request, _("Reset asked for. A second person has to approve it."))
        return redirect("resets:people")
    return show(
        request, "authentication/mfa_reset/reset_ask.html", {"membership": membership}, form=form
    )


@require_safe
def reset(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One reset, and what can be done about it."""
    found = fetch_or_404(RESETS, request.actor, Permission.MANAGE_PEOPLE, pk=pk, related=RELATED)
    can = selectors.what_can_be_done(found, request.actor)
    return show(request, "authentication/mfa_reset/reset.html", {"reset": found, "can": can})


@require_POST
@step_up
def approve(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Let the person begin again."""
    found = fetch_or_404(RESETS, request.actor, Permission.MANAGE_PEOPLE, pk=pk, related=RELATED)
    actions.approve(found, by=request.actor)
    messages.success(
        request,
        _("Reset. They now ask for an e-mail with a link, then set up a new sign-in method."),
    )
    return redirect("resets:people")


@require_POST
@step_up
def refuse(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Leave everything as it is."""
    found = fetch_or_404(RESETS, request.actor, Permission.MANAGE_PEOPLE, pk=pk, related=RELATED)
    actions.refuse(found, by=request.actor)
    messages.success(request, _("Refused. Nothing was reset."))
    return redirect("resets:people")


@require_POST
def withdraw(request: PortalRequest, pk: UUID) -> HttpResponse:
    """It is not needed any more."""
    found = fetch_or_404(RESETS, request.actor, Permission.MANAGE_PEOPLE, pk=pk, related=RELATED)
    actions.withdraw(found, by=request.actor)
    messages.success(request, _("Withdrawn. Nothing was reset."))
    return redirect("resets:people")
