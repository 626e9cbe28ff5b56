"""Roles that are given, and what waits for a second person first (docs/adr/0093)."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.grants import grant
from agencies.models import Agency, Membership, Proposal
from agencies.permissions import Role
from agencies.roles import needs_second_person, roles_at
from agencies.second_person.transitions import DOMAINS, PROPOSAL
from sessions.actions import end_all_sessions
from workflow.locking import hold
from workflow.transitions import TransitionRefused, idempotent

PROPOSED = Proposal.Status.PROPOSED


def give_role(membership: Membership, role: Role, *, by: Actor) -> None:
    """Give a role at once, or propose it if it needs a second person; the agency is held."""
    if needs_second_person(by, membership.agency, role):
        propose_role(membership, role, by=by)
    else:
        grant(membership.user, role, membership.agency, by=by)


def propose_role(membership: Membership, role: Role, *, by: Actor) -> Proposal:
    """Propose a role for a member; the caller holds the agency."""
    _refuse_if_gone(membership)
    return _propose(Proposal(agency=membership.agency, membership=membership, role=role), by)


def propose_domain(agency: Agency, domain: str, *, by: Actor) -> Proposal:
    """Propose an e-mail domain for an agency; the caller holds it."""
    return _propose(Proposal(agency=agency, domain=domain), by)


def _propose(proposal: Proposal, by: Actor) -> Proposal:
    proposal.id, proposal.proposed_by = uuid4(), by.user
    PROPOSAL.make("propose", proposal, by=by)
    return proposal


@idempotent
def confirm(proposal: Proposal, *, by: Actor) -> Proposal:
    """The second person says yes: the role is held, or the domain listed, from now on."""
    hold(proposal.agency)
    with PROPOSAL.making("confirm", proposal, by=by):
        if proposal.membership is None:
            _list_domain(proposal, by)
        else:
            _give_role(proposal.membership, Role(proposal.role), by)
    return proposal


@idempotent
def refuse(proposal: Proposal, *, by: Actor) -> Proposal:
    """The second person says no: nothing changes."""
    PROPOSAL.make("refuse", proposal, by=by)
    return proposal


@idempotent
def withdraw(proposal: Proposal, *, by: Actor) -> Proposal:
    """It is not wanted any more."""
    PROPOSAL.make("withdraw", proposal, by=by)
    return proposal


DECIDE = {"confirm": confirm, "refuse": refuse, "withdraw": withdraw}


@transaction.atomic
def decide(proposals: Iterable[Proposal], said: Mapping[UUID, str], *, by: Actor) -> int:
    """Do what was chosen for each, all of it or nothing; how many there were."""
    chosen = [each for each in proposals if each.pk in said]
    # In one order, so that of two people who decide the same at once one waits for the other.
    for proposal in sorted(chosen, key=lambda each: (each.agency_id, each.pk)):
        DECIDE[said[proposal.pk]](proposal, by=by)
    return len(chosen)


def withdraw_proposals(
    membership: Membership, *, by: Actor, roles: Collection[Role] = tuple(Role)
) -> None:
    """Withdraw what waits for a member who leaves, or is not to have it after all."""
    waiting = Proposal.objects.filter(membership=membership, status=PROPOSED, role__in=roles)
    for proposal in waiting.select_related("agency", "membership"):
        PROPOSAL.make("withdraw", proposal, by=by)


def _give_role(membership: Membership, role: Role, by: Actor) -> None:
    hold(membership)
    _refuse_if_gone(membership)
    if role not in roles_at(membership.agency):
        raise TransitionRefused(_("There is no such role at this agency any more. Refuse it."))
    grant(membership.user, role, membership.agency, by=by)
    end_all_sessions(membership.user)


def _list_domain(proposal: Proposal, by: Actor) -> None:
    with DOMAINS.making("add_domain", proposal.agency, by=by):
        proposal.agency.domains = sorted({*proposal.agency.domains, proposal.domain})


def _refuse_if_gone(membership: Membership) -> None:
    if membership.status == Membership.Status.LEFT:
        raise TransitionRefused(_("This person has left the agency. Invite them again."))
