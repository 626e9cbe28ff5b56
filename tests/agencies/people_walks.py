"""Ways to people in each state, by the actions that lead there in life."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from agencies.acting import actor_for, place_of
from agencies.bootstrap.unattended import join
from agencies.eligibility import NOBODY, Standing
from agencies.guidance import actions as guidance
from agencies.invitations import actions as invitations
from agencies.invitations.tokens import token_of
from agencies.models import Agency, Guidance, Invitation, Membership, Proposal, User
from agencies.people import actions as people
from agencies.permissions import Role
from agencies.second_person import actions as proposals
from agencies.vetting import actions as checks
from tests.cast import Cast
from workflow.bootstrap import save_unattended

PASSWORD = "a long invented phrase"
NEW = "newcomer@trust.example"


def with_domain(agency: Agency, *domains: str) -> Agency:
    """The agency with these e-mail domains alone."""
    agency = Agency.objects.get(pk=agency.pk)
    agency.domains = list(domains)
    save_unattended(agency)
    return agency


def invited(
    cast: Cast, address: str = NEW, roles: tuple[Role, ...] = (Role.REQUESTER,), by: Any = None
) -> Invitation:
    """Somebody whom the trust has asked in."""
    agency = with_domain(cast.agencies["trust"], "trust.example")
    return invitations.invite(
        agency, by=by or cast.trust_manager, idempotency_key=uuid4(), address=address, roles=roles
    )


def accept(invitation: Invitation, **said: str) -> Invitation:
    """Somebody new makes their account."""
    answers = {
        "given_name": "Nell",
        "family_name": "Newcomer",
        "job_title": "Health visitor",
        "password": PASSWORD,
    } | said
    return invitations.accept_as_new(invitation, **answers)


def accepted(cast: Cast) -> Membership:
    """Somebody who has come in, and has no check recorded."""
    membership_pk = accept(invited(cast)).membership.pk
    return Membership.objects.get(pk=membership_pk)


def a_second_administrator(cast: Cast) -> Any:
    """Another administrator of the office, who can confirm what the first one proposes."""
    office = cast.agencies["office"]
    user = User.objects.filter(email="second@office.example").first() or User.objects.create_user(
        "second@office.example", PASSWORD, first_name="Sela", last_name="Second"
    )
    join(user, Role.ADMINISTRATOR, office)
    return actor_for(user, office)


def confirm_all(cast: Cast) -> None:
    """A second administrator confirms everything that waits."""
    second = a_second_administrator(cast)
    for proposal in Proposal.objects.filter(status=Proposal.Status.PROPOSED):
        proposals.confirm(proposal, by=second)


def check_on(membership: Membership, by: Any, *, days: int = 365, **said: Any) -> Any:
    """A check that holds for so many days from today."""
    today = timezone.localdate()
    answers = {
        "idempotency_key": uuid4(),
        "kind": "dbs_enhanced",
        "made_on": today - timedelta(days=1),
        "made_by": "Human resources",
        "expires": today + timedelta(days=days),
    } | said
    return checks.record_check(membership, by=by, **answers)


def active(cast: Cast) -> Membership:
    """Somebody who has begun."""
    membership = accepted(cast)
    check_on(membership, cast.trust_manager)
    return Membership.objects.get(pk=membership.pk)


def member(cast: Cast, who: str = "trust_nurse") -> Membership:
    """The membership of one of the cast."""
    row: Membership = cast.users[who].memberships.get()
    return row


def in_state(cast: Cast, status: str) -> Membership:
    """The nurse of the trust in this state."""
    row = member(cast)
    row.status = status
    save_unattended(row)
    return row


def a_draft(cast: Cast) -> Guidance:
    """Guidance that nobody has to read yet."""
    return guidance.draft_guidance(
        by=cast.administrator,
        idempotency_key=uuid4(),
        title="Guidance",
        text="# Consent\n\nAsk first.",
    )


def in_force(cast: Cast) -> Guidance:
    """Guidance that everybody has to read."""
    return guidance.bring_into_force(a_draft(cast), by=cast.administrator)


def link_of(invitation: Invitation) -> str:
    """The token in the e-mail."""
    return token_of(Invitation.objects.get(pk=invitation.pk))


def somebody(email: str, **values: Any) -> User:
    """A person with an account and no agency."""
    return User.objects.create_user(email, PASSWORD, **values)


def suspended(cast: Cast) -> Membership:
    """The nurse, suspended."""
    return people.suspend(member(cast), by=cast.trust_manager, reason="absent")


def standing(user: User, agency: Agency) -> Standing:
    """How somebody stands at an agency now."""
    here = place_of(user, agency)
    return here.standing if here else NOBODY
