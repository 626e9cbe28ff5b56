"""Signing for an agency, and who has signed; suspending and letting in again (ISA-2.1)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from agreement.policies import TAKING_PART
from agreement.signing import actions, pages, selectors
from agreement.signing.forms import LiftForm, SigningForm, SuspendForm
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import page, show
from workflow.step_up import step_up


@page
@step_up
def sign(request: PortalRequest) -> HttpResponse:
    """The edition in force, what is missing, the assessment, and the signature."""
    require_permission_or_404(request.actor, Permission.SIGN)
    context = pages.signing_for(request.actor)
    edition = context["edition"]
    posted = request.POST if request.method == "POST" and edition else None
    form = SigningForm(posted, initial={"edition": edition.pk if edition else None})
    if form.is_bound and form.is_valid():
        chosen = pages.still_in_force(edition, form.cleaned_data["edition"])
        actions.sign_agreement(chosen, by=request.actor, **form.said)
        words = {"agency": request.actor.agency, "edition": edition}
        messages.success(request, _("%(agency)s has signed %(edition)s and takes part.") % words)
        return redirect("agreement:edition", edition.pk)
    return show(request, "agreement/signing/sign.html", context, form=form)


@require_safe
def signatures(request: PortalRequest) -> HttpResponse:
    """Every agency: how it stands, and which edition it signed."""
    require_permission_or_404(request.actor, Permission.ADMINISTER)
    context = {"rows": selectors.standings(request.actor)}
    return show(request, "agreement/signing/signatures.html", context)


@require_safe
def agency(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What one agency signed, and when it was suspended."""
    row = fetch_or_404(TAKING_PART, request.actor, Permission.ADMINISTER, pk=pk)
    return show(request, "agreement/signing/agency.html", pages.agency_for(row, request.actor))


@page
@step_up
def suspend(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Let an agency take no part for a time, with a reason that it reads."""
    row = fetch_or_404(TAKING_PART, request.actor, Permission.ADMINISTER, pk=pk)
    form = SuspendForm(request.POST) if request.method == "POST" else SuspendForm()
    if form.is_bound and form.is_valid():
        actions.suspend_agency(row, by=request.actor, **form.cleaned_data)
        messages.success(request, _("%s is suspended and has been told.") % row)
        return redirect("agreement:agency", pk)
    return show(request, "agreement/signing/suspend.html", {"agency": row}, form=form)


@page
@step_up
def lift(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Let it take part again."""
    row = fetch_or_404(TAKING_PART, request.actor, Permission.ADMINISTER, pk=pk)
    form = LiftForm(request.POST) if request.method == "POST" else LiftForm()
    if form.is_bound and form.is_valid():
        actions.lift_suspension(row, by=request.actor, **form.cleaned_data)
        messages.success(request, _("The suspension of %s is lifted.") % row)
        return redirect("agreement:agency", pk)
    return show(request, "agreement/signing/lift.html", {"agency": row}, form=form)


@require_safe
def overview(request: PortalRequest) -> HttpResponse:
    """The edition in force, what is proposed, what there was, and what this person can do."""
    return show(request, "agreement/signing/overview.html", pages.overview_for(request.actor))
