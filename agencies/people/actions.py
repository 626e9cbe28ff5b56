"""What is done to a membership by those who keep an agency's people."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.grants import grant, revoke
from agencies.models import Membership
from agencies.people.needed import why_needed
from agencies.people.transitions import MEMBERSHIP
from agencies.permissions import Role
from agencies.roles import (
    needs_second_person,
    roles_of,
    roles_to_give,
    roles_waiting,
    version_of_roles,
)
from agencies.second_person.actions import propose_role, withdraw_proposals
from sessions.actions import end_all_sessions
from workflow.locking import hold
from workflow.transitions import AlreadyMade, TransitionRefused, idempotent
from workflow.versions import ChangedMeanwhile

Status = Membership.Status


@idempotent
def change_roles(
    membership: Membership, *, by: Actor, roles: Iterable[Role], expected_version: int | None
) -> Membership:
    """Give and take roles; those that this person may not give stay as they are.

    What needs a second person is proposed, and counts for nothing until it is confirmed.
    """
    wanted, theirs = set(roles), set(roles_to_give(by, membership.agency))
    if not wanted <= theirs:
        raise PermissionDenied("may not give this role here")
    # The agency first: of two people who change roles at once, one sees what the other did.
    hold(membership.agency)
    held, waiting = set(roles_of(membership)), set(roles_waiting(membership))
    later = {r for r in wanted - held if needs_second_person(by, membership.agency, r)}
    dropped = (waiting & theirs) - wanted
    was = version_of_roles(membership)
    if (dropped or later - waiting) and expected_version not in (None, was):
        raise ChangedMeanwhile
    withdraw_proposals(membership, by=by, roles=dropped)
    for role in later - waiting:
        propose_role(membership, role, by=by)
    after = (held - theirs) | (wanted - later)
    if after != held or not (dropped or later - waiting):
        is_old = expected_version not in (None, was)
        _give_and_take(membership, after, by=by, is_old=is_old, is_waiting=bool(later))
    return membership


def _give_and_take(
    membership: Membership, after: set[Role], *, by: Actor, is_old: bool, is_waiting: bool
) -> None:
    """Those that are to be held from now on; one at least."""
    with MEMBERSHIP.making("change_roles", membership, by=by):
        held = set(roles_of(membership))
        if after == held:
            raise AlreadyMade(membership)
        if is_old:
            raise ChangedMeanwhile
        if problem := why_needed(membership, held - after):
            raise TransitionRefused(problem)
        if not after and is_waiting:
            raise TransitionRefused(
                _("The new role waits for a second person. Keep one until then.")
            )
        if not after:
            raise TransitionRefused(
                _("A member has one role at least. End the membership instead.")
            )
        for role in after - held:
            grant(membership.user, role, membership.agency, by=by)
        for role in held - after:
            revoke(membership.user, role, membership.agency, by=by)
    end_all_sessions(membership.user)


@idempotent
def suspend(membership: Membership, *, by: Actor, reason: str) -> Membership:
    """Stop somebody's access to this agency at once, until it is lifted."""
    _needed_no_more("suspend", membership, by, reason=reason)
    return membership


@idempotent
def lift(membership: Membership, *, by: Actor) -> Membership:
    """Let somebody work for the agency again."""
    MEMBERSHIP.make("lift", membership, by=by)
    return membership


@idempotent
def leave(membership: Membership, *, by: Actor) -> Membership:
    """Somebody leaves the agency: roles and access end at once, what they did stays."""
    _needed_no_more("leave", membership, by)
    take_all_roles(membership, by)
    return membership


def _needed_no_more(name: str, membership: Membership, by: Actor, **details: str) -> None:
    """End or stop it, unless the agency would be without somebody whom partners call."""
    hold(membership.agency)
    with MEMBERSHIP.making(name, membership, by=by, writes=None, **details):
        if problem := why_needed(membership):
            raise TransitionRefused(problem)
    end_all_sessions(membership.user)


def take_all_roles(membership: Membership, by: Actor) -> None:
    """Those that are held, and those that wait for a second person."""
    withdraw_proposals(membership, by=by)
    for role in roles_of(membership):
        revoke(membership.user, role, membership.agency, by=by)
