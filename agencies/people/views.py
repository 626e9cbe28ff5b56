"""The people of an agency, for those who keep them: the list, one person, what is done."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.people import actions, selectors
from agencies.people.forms import ChangeRolesForm, SuspendForm, sure_form
from agencies.people.member_selectors import history_of, invitation_waiting, shown
from agencies.people.missing import lacking, who_mends
from agencies.people.needed import why_needed
from agencies.people.pages import is_mine, of_agency, what_can_be_done
from agencies.permissions import Permission
from agencies.policies import MEMBERSHIPS, OWN_MEMBERSHIPS, WITH_PEOPLE
from agencies.roles import roles_of, roles_to_give, roles_waiting, version_of_roles
from agencies.second_person.selectors import said_of_roles
from workflow.acting import IN_OWN_NAME
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import page, show
from workflow.step_up import step_up

if TYPE_CHECKING:
    from agencies.models import Membership


def the_member(request: PortalRequest, pk: UUID) -> "Membership":
    """The membership, for whoever keeps the agency's people."""
    related = ("user", "agency")
    return fetch_or_404(
        MEMBERSHIPS, request.actor, Permission.MANAGE_PEOPLE, related=related, pk=pk
    )


@require_safe
def people(request: PortalRequest) -> HttpResponse:
    """The people of the agency acted for."""
    require_permission_or_404(request.actor, Permission.MANAGE_PEOPLE)
    context = of_agency(request.actor, request.actor.agency, request.GET)
    return show(request, "agencies/people/list.html", context)


@require_safe
def agencies(request: PortalRequest) -> HttpResponse:
    """Every agency, for administrators to choose one."""
    require_permission_or_404(request.actor, Permission.ADMINISTER)
    named = request.GET.get("name", "").replace("\x00", "")[:100]
    rows = selectors.agencies_with_people(request.actor, named=named)
    return show(request, "agencies/people/agencies.html", {"rows": rows, "named": named})


@require_safe
def people_of(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The people of one agency."""
    agency = fetch_or_404(WITH_PEOPLE, request.actor, Permission.MANAGE_PEOPLE, pk=pk)
    context = of_agency(request.actor, agency, request.GET)
    return show(request, "agencies/people/list.html", context)


@require_safe
def member(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One person: roles, checks, what has happened."""
    membership = the_member(request, pk)
    context = {
        **shown(membership),
        "history": history_of(membership),
        "invitation": invitation_waiting(membership.pk),
        "can": what_can_be_done(membership, request.actor),
        "is_mine": is_mine(membership, request.actor),
        "needed": why_needed(membership),
    }
    return show(request, "agencies/people/member.html", context)


@require_safe
def me(request: PortalRequest) -> HttpResponse:
    """One's own roles and checks, and what is missing."""
    here = request.actor.agency.pk
    membership = fetch_or_404(OWN_MEMBERSHIPS, request.actor, IN_OWN_NAME, agency_id=here)
    missing = lacking(request.standing)
    context = {
        **shown(membership),
        "lacking": missing,
        "keepers": who_mends(missing, request.actor.agency, request.user),
    }
    return show(request, "agencies/people/me.html", context)


@page
@step_up
def roles(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Other roles for a member."""
    membership = the_member(request, pk)
    held, mine = roles_of(membership), roles_to_give(request.actor, membership.agency)
    others = [role for role in held if role not in mine]
    how: dict[str, Any] = {"roles": mine, "others": bool(others)}
    there = {*held, *roles_waiting(membership)}
    initial = {
        "roles": [role for role in mine if role in there],
        "expected_version": version_of_roles(membership),
    }
    form = (
        ChangeRolesForm(request.POST, **how)
        if request.method == "POST"
        else ChangeRolesForm(initial=initial, **how)
    )
    if form.is_bound and form.is_valid():
        actions.change_roles(membership, by=request.actor, **form.cleaned_data)
        messages.success(request, said_of_roles(_("The roles were changed."), membership))
        return redirect("agencies:member", pk)
    context = {"membership": membership, "others": [role.label for role in others]}
    return show(request, "agencies/people/roles.html", context, form=form)


@page
@step_up
def suspend(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Stop somebody's access for a time."""
    membership = the_member(request, pk)
    form = SuspendForm(request.POST) if request.method == "POST" else SuspendForm()
    if form.is_bound and form.is_valid():
        actions.suspend(membership, by=request.actor, **form.cleaned_data)
        messages.success(request, _("The access is suspended."))
        return redirect("agencies:member", pk)
    context = {"membership": membership, "needed": why_needed(membership)}
    return show(request, "agencies/people/suspend.html", context, form=form)


@page
@step_up
def lift(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Let somebody work again."""
    membership = the_member(request, pk)
    label = _("I want to let this person work for the agency again")
    form = sure_form(request, label)
    if form.is_bound and form.is_valid():
        actions.lift(membership, by=request.actor)
        messages.success(request, _("The suspension was lifted."))
        return redirect("agencies:member", pk)
    context = {"membership": membership, "title": _("Lift the suspension"), "what": ""}
    return show(request, "agencies/people_sure.html", context, form=form)


@page
@step_up
def leave(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Somebody leaves the agency."""
    membership = the_member(request, pk)
    label = _("This person has left the agency, or no longer works with this service")
    form = sure_form(request, label)
    if form.is_bound and form.is_valid():
        actions.leave(membership, by=request.actor)
        messages.success(request, _("The membership was ended."))
        return redirect("agencies:member", pk)
    what = _("All roles and access for this agency end at once. What the person did is kept.")
    needed = why_needed(membership)
    context = {"membership": membership, "title": _("End the membership"), "what": what}
    return show(request, "agencies/people_sure.html", {**context, "needed": needed}, form=form)
