"""How one person tried to come to the cases of others (H2): each is refused."""

from contextlib import suppress
from io import StringIO
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from agencies.acting import actor_for
from agencies.bootstrap.administrators import NotTheFirst, invite_first_administrator
from agencies.bootstrap.unattended import join
from agencies.invitations import actions as invitations
from agencies.models import Agency, HeldRole, Membership, Proposal
from agencies.partnership.actions import change_partnership
from agencies.partnership.selectors import version_of_partnership
from agencies.people import actions as people
from agencies.permissions import Permission, Role
from agencies.roles import roles_of
from agencies.second_person import actions as proposals
from authentication.mfa import factors
from authentication.mfa_reset import actions as resets
from requests_app.policies import OPENABLE
from tests import walks as cases
from tests.agencies import people_walks as walks
from tests.authentication.factor_steps import with_app
from tests.plugins.people import sign_in
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db
REFUSED = (PermissionDenied, TransitionRefused)


def come_in(agency, address, *roles, by):
    """A further account of the one person: asked in, accepted, with a check."""
    where = walks.with_domain(Agency.objects.get(pk=agency.pk), "agency.example")
    ask = {"by": by, "idempotency_key": uuid4(), "address": address, "roles": roles}
    invitation = invitations.invite(where, **ask)
    walks.accept(invitation)
    membership = Membership.objects.get(pk=invitation.membership_id)
    walks.check_on(membership, by)
    return Membership.objects.get(pk=membership.pk)


def parts(cast, by, *, partners=("council", "police", "board"), front_door="front_door"):
    change_partnership(
        by=by,
        values={},
        partners=[Agency.objects.get(pk=cast.agencies[code].pk) for code in partners],
        front_door=Agency.objects.get(pk=cast.agencies[front_door].pk),
        expected_version=version_of_partnership(),
    )


@pytest.fixture
def both(cast):
    """One person: administrator of the office, and the manager of an ordinary agency."""
    user = cast.users["administrator"]
    join(user, Role.MANAGER, cast.agencies["housing"])
    return actor_for(user, cast.agencies["office"]), actor_for(user, cast.agencies["housing"])


def test_an_ordinary_agency_made_a_partner_opens_every_case_to_one_person(cast, sent_case, both):
    """A second self while the agency is ordinary; then the agency is made a statutory partner."""
    office, housing = both
    ego = come_in(cast.agencies["housing"], "ego@agency.example", Role.MANAGER, by=housing)
    parts(cast, office, partners=("council", "police", "housing"))
    puppet = come_in(cast.agencies["housing"], "puppet@agency.example", Role.PARTNER, by=office)
    proposal = Proposal.objects.get(membership=puppet)
    where = Agency.objects.get(pk=cast.agencies["housing"].pk)
    with suppress(*REFUSED):
        proposals.confirm(proposal, by=actor_for(ego.user, where))
    reader = actor_for(puppet.user, where)
    assert not OPENABLE.scope(reader, Permission.BREAK_GLASS).filter(pk=sent_case.pk).exists()


def test_the_front_door_is_not_ordinary_for_a_minute(cast):
    """Its manager, who is an administrator too, makes a keeper of people alone meanwhile."""
    user = cast.users["administrator"]
    join(user, Role.MANAGER, cast.agencies["front_door"])
    office = actor_for(user, cast.agencies["office"])
    parts(cast, office, front_door="housing")
    desk = actor_for(user, Agency.objects.get(pk=cast.agencies["front_door"].pk))
    ego = come_in(cast.agencies["front_door"], "ego@agency.example", Role.MANAGER, by=desk)
    parts(cast, office)
    officer = come_in(
        cast.agencies["front_door"], "puppet@agency.example", Role.IFD_OFFICER, by=office
    )
    here = Agency.objects.get(pk=cast.agencies["front_door"].pk)
    with suppress(*REFUSED):
        proposals.confirm(Proposal.objects.get(membership=officer), by=actor_for(ego.user, here))
    assert roles_of(officer) == []


@pytest.fixture
def sent_case(cast):
    return cases.sent(cast)


def test_whose_proposal_it_is_does_not_change_by_an_old_page(cast):
    """Withdrawn while another administrator has the page of roles open, where it was ticked."""
    proposer, second = cast.administrator, walks.a_second_administrator(cast)
    member = walks.member(cast, "officer")
    people.change_roles(
        member, roles=[Role.IFD_OFFICER, Role.MANAGER], by=proposer, expected_version=member.version
    )
    page = reverse("agencies:member_roles", args=[member.pk])
    client = sign_in(Client(), second.user)
    shown = client.get(page)
    ticked = shown.context["form"].initial
    assert Role.MANAGER in ticked["roles"]
    first = Proposal.objects.get(membership=member)
    proposals.withdraw(first, by=proposer)
    # The other one only wanted to give one role more.
    posted = [*[str(role) for role in ticked["roles"]], "adviser"]
    client.post(page, {"roles": posted, "expected_version": ticked["expected_version"]})
    again = Proposal.objects.filter(membership=member, role="manager", status="proposed").first()
    if again is not None:
        with suppress(*REFUSED):
            proposals.confirm(again, by=proposer)
    assert Role.MANAGER not in roles_of(member)


def test_the_installation_makes_one_administrator_alone():
    """Run twice before the first has come: both hold the role, and nobody confirmed either."""
    call_command("found_partnership", "wirral", stdout=StringIO())
    invite_first_administrator("one@office.example", "Office")
    with suppress(NotTheFirst):
        invite_first_administrator("two@office.example", "Office")
    assert HeldRole.objects.filter(role=Role.ADMINISTRATOR).count() == 1


def test_one_keeper_of_an_ordinary_agency_resets_no_officers_factors(cast):
    """The second person of the reset is one whom the first made alone (ISA-4.3-SECURITY)."""
    officer = cast.users["officer"]
    with_app(officer)
    join(officer, Role.REQUESTER, cast.agencies["trust"])
    there = Membership.objects.get(user=officer, agency=cast.agencies["trust"])
    spoc = cast.trust_spoc
    ego = come_in(cast.agencies["trust"], "ego@agency.example", Role.SPOC, by=spoc)
    reset = resets.ask(there, by=spoc, idempotency_key=uuid4(), known="met")
    with suppress(*REFUSED):
        resets.approve(reset, by=actor_for(ego.user, cast.agencies["trust"]))
    assert factors.factor_types(officer)
