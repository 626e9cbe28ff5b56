"""Asking people in, and coming in (ISA-7.1, ISA-4.3-SECURITY)."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies.access_review.selectors import confirmed_from_today
from agencies.acting import Actor, actor_for
from agencies.addresses import NotAnAddress, inside
from agencies.invitations.selectors import has_check_in_date, is_new, why_not_invited
from agencies.invitations.tokens import renew
from agencies.invitations.transitions import INVITATION, OWN_INVITATION
from agencies.models import Agency, Invitation, Membership, User
from agencies.people.actions import take_all_roles
from agencies.people.transitions import MEMBERSHIP, OWN_MEMBERSHIP
from agencies.permissions import Role
from agencies.roles import roles_to_give
from agencies.second_person.actions import give_role
from workflow.locking import hold
from workflow.transitions import TransitionRefused, idempotent


@idempotent
def invite(
    agency: Agency, *, by: Actor, idempotency_key: UUID, address: str, roles: Iterable[Role]
) -> Invitation:
    """Ask one address in with these roles; they count for nothing until it is accepted.

    Roles that need a second person count for nothing until that one has confirmed them, either.
    """
    wanted = list(roles)
    if not wanted or not set(wanted) <= set(roles_to_give(by, agency)):
        raise PermissionDenied("may not give this role here")
    hold(agency)
    email = _inside(address, agency)
    if first := Invitation.objects.filter(pk=idempotency_key).first():
        # A doubled post, or an old page: the transition says which.
        again = Invitation(id=idempotency_key, membership=first.membership, email=email)
        INVITATION.make("send", again, by=by)
    if problem := why_not_invited(agency, email):
        raise TransitionRefused(problem)
    user = _person(email, by)
    membership = Membership.objects.filter(user=user, agency=agency).first()
    membership = membership or Membership(user=user, agency=agency)
    with MEMBERSHIP.making("invite", membership, by=by):
        membership.confirmed_until = None
    for role in wanted:
        give_role(membership, role, by=by)
    invitation = Invitation(id=idempotency_key, membership=membership, email=email)
    with INVITATION.making("send", invitation, by=by):
        renew(invitation)
    return invitation


@idempotent
def send_anew(invitation: Invitation, *, by: Actor, expected_version: int | None) -> Invitation:
    """Another e-mail with another link; the one before leads nowhere from now on."""
    hold(invitation.membership)
    with INVITATION.making("send_anew", invitation, by=by):
        if expected_version is not None and expected_version != invitation.version:
            raise TransitionRefused(_("A new e-mail was sent since you opened the page."))
        _inside(invitation.email, invitation.membership.agency)
        renew(invitation)
    return invitation


@idempotent
def accept(invitation: Invitation, *, user: User) -> Invitation:
    """Somebody who is signed in with the very address that was invited comes in."""
    membership = _held_for(invitation, user)
    by = actor_for(user, membership.agency)
    with OWN_INVITATION.making("accept", invitation, by=by):
        if invitation.is_over:
            raise TransitionRefused(_("This invitation has expired."))
    OWN_MEMBERSHIP.make("accept", membership, by=by)
    if has_check_in_date(membership):
        with OWN_MEMBERSHIP.making("begin", membership, by=by):
            membership.confirmed_until = confirmed_from_today()
    return invitation


@idempotent
def accept_as_new(
    invitation: Invitation,
    *,
    given_name: str,
    family_name: str,
    job_title: str,
    password: str,
) -> Invitation:
    """Somebody new makes their account with the link, and comes in."""
    user = invitation.membership.user
    _held_for(invitation, user)
    accept(invitation, user=user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not is_new(user):
        raise TransitionRefused(
            _("There is an account for this address already. Sign in to accept.")
        )
    user.first_name, user.last_name, user.job_title = given_name, family_name, job_title
    user.set_password(password)
    user.is_active = True
    user._history_user = user  # type: ignore[attr-defined]
    user._history_agency_id = invitation.membership.agency_id  # type: ignore[attr-defined]
    user._change_reason = "accept"  # type: ignore[attr-defined]
    user.save(update_fields=["first_name", "last_name", "job_title", "password", "is_active"])
    return invitation


def _held_for(invitation: Invitation, user: User) -> Membership:
    """The membership, locked before the invitation as everywhere; only for the one invited."""
    membership: Membership = invitation.membership
    hold(membership)
    if membership.user_id != user.pk or user.email != invitation.email:
        raise PermissionDenied("this invitation was sent to somebody else")
    return membership


def _inside(address: str, agency: Agency) -> str:
    try:
        return inside(address, agency.domains)
    except NotAnAddress as problem:
        raise TransitionRefused(str(problem)) from None


def _person(email: str, by: Actor) -> User:
    """Whoever has this address; somebody new cannot sign in before they accept."""
    found = User.objects.filter(email=email).first()
    if found:
        return found
    user = User(email=email, is_active=False, password=make_password(None))
    user._history_user = by.user  # type: ignore[attr-defined]
    user._history_agency_id = by.agency.pk  # type: ignore[attr-defined]
    user._change_reason = "invite"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # another agency has asked them in at this very moment
        return User.objects.get(email=email)
    return user


@idempotent
def take_back_invitation(membership: Membership, *, by: Actor) -> Membership:
    """Withdraw what was not accepted yet: the link leads nowhere from now on."""
    MEMBERSHIP.make("take_back", membership, by=by)
    sent = Invitation.objects.filter(membership=membership, status=Invitation.Status.SENT)
    for invitation in sent:
        INVITATION.make("withdraw", invitation, by=by)
    take_all_roles(membership, by)
    return membership
