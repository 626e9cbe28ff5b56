"""Asking people in, and coming in by the link of an e-mail."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from agencies.http import PortalRequest
from agencies.invitations import actions
from agencies.invitations.forms import InviteForm, NewAccountForm
from agencies.invitations.selectors import by_token, is_new
from agencies.invitations.tokens import leads_somewhere
from agencies.people.forms import sure_form
from agencies.permissions import Permission
from agencies.policies import INVITATIONS, MEMBERSHIPS, WITH_PEOPLE
from agencies.roles import roles_to_give
from agencies.second_person.selectors import said_of_roles
from sessions.actions import chosen_by_email
from workflow.gateway import fetch_or_404
from workflow.pages import page, show
from workflow.step_up import step_up

if TYPE_CHECKING:
    from agencies.models import Invitation

UNKNOWN, OVER, NOT_YOURS = 404, 410, 403


@page
@step_up
def invite(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Ask somebody in."""
    agency = fetch_or_404(WITH_PEOPLE, request.actor, Permission.MANAGE_PEOPLE, pk=pk)
    how: dict[str, Any] = {"agency": agency, "roles": roles_to_give(request.actor, agency)}
    form = InviteForm(request.POST, **how) if request.method == "POST" else InviteForm(**how)
    if form.is_bound and form.is_valid():
        made = actions.invite(agency, by=request.actor, **form.cleaned_data)
        sent = _("The invitation was sent to %s.") % made.email
        messages.success(request, said_of_roles(sent, made.membership))
        return redirect("agencies:people_of", pk)
    return show(request, "agencies/invitations/invite.html", {"agency": agency}, form=form)


@require_POST
@step_up
def send_anew(request: PortalRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    """Another e-mail with another link."""
    found = fetch_or_404(
        INVITATIONS, request.actor, Permission.MANAGE_PEOPLE, pk=invitation, membership_id=pk
    )
    posted = request.POST.get("expected_version", "")
    expected_version = int(posted) if posted.isdecimal() and posted.isascii() else None
    actions.send_anew(found, by=request.actor, expected_version=expected_version)
    messages.success(request, _("A new invitation was sent. The earlier link no longer works."))
    return redirect("agencies:member", pk)


@page
@step_up
def take_back(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Withdraw what was not accepted."""
    membership = fetch_or_404(MEMBERSHIPS, request.actor, Permission.MANAGE_PEOPLE, pk=pk)
    label = _("I want to withdraw this invitation")
    form = sure_form(request, label)
    if form.is_bound and form.is_valid():
        actions.take_back_invitation(membership, by=request.actor)
        messages.success(request, _("The invitation was withdrawn."))
        return redirect("agencies:member", pk)
    what = _("The link in the e-mail stops working.")
    context = {"membership": membership, "title": _("Withdraw the invitation"), "what": what}
    return show(request, "agencies/people_sure.html", context, form=form)


@login_not_required
@sensitive_post_parameters()
@page
def invitation(request: PortalRequest, token: str) -> HttpResponse:
    """Where the e-mail leads. Looking changes nothing: mail scanners follow links."""
    brought = by_token(token)
    if brought.invitation is None or brought.over:
        status = OVER if brought.invitation else UNKNOWN
        why = {"why": brought.over}
        return show(request, "agencies/invitations/over.html", why, status=status)
    invited = brought.invitation.membership.user
    context: dict[str, Any] = {"agency": brought.invitation.membership.agency, "token": token}
    signed_in: bool = request.user.is_authenticated
    if signed_in and request.user != invited:
        return show(request, "agencies/invitations/other.html", context, status=NOT_YOURS)
    if signed_in:
        return _accept(request, brought.invitation, context)
    if is_new(invited):
        return _accept_as_new(request, brought.invitation, context)
    return show(request, "agencies/invitations/sign_in.html", context)


def _accept(
    request: PortalRequest, invitation: "Invitation", context: dict[str, Any]
) -> HttpResponse:
    """Somebody who has an account comes in to one agency more."""
    if request.method != "POST":
        return show(request, "agencies/invitations/accept.html", context)
    actions.accept(invitation, user=request.user)
    messages.success(request, _("You have accepted the invitation."))
    return redirect("home")


def _accept_as_new(
    request: PortalRequest, invitation: "Invitation", context: dict[str, Any]
) -> HttpResponse:
    """Somebody new makes an account, and then signs in with it."""
    email = invitation.email
    posted = request.method == "POST"
    form = NewAccountForm(request.POST, email=email) if posted else NewAccountForm(email=email)
    if form.is_bound and form.is_valid():
        actions.accept_as_new(invitation, **form.cleaned_data)
        if leads_somewhere(invitation):  # whoever writes to the database can make up another
            invited = invitation.membership.user
            invited.refresh_from_db(fields=["password"])
            chosen_by_email(request, invited)
        messages.success(request, _("Your account is ready. Sign in with your work address."))
        return redirect("account_login")
    return show(request, "agencies/invitations/new.html", context, form=form)
