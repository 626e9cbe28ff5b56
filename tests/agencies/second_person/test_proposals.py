"""Nobody alone reaches a case: roles and domains wait for a second person (docs/adr/0093)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from agencies.acting import actor_for, agencies_of
from agencies.bootstrap.unattended import join
from agencies.grants import held
from agencies.invitations import actions as invitations
from agencies.merging.actions import merge
from agencies.models import Agency, HeldRole, Membership, Proposal, User
from agencies.people import actions as people
from agencies.permissions import Role
from agencies.register.actions import change_agency
from agencies.register_files import columns as lists
from agencies.register_files.actions import bring_in
from agencies.roles import needs_second_person, roles_of, roles_waiting
from agencies.second_person import actions as proposals
from agencies.second_person.selectors import how_many_wait, waiting, without_a_second
from outbox.models import Message
from outbox.tasks import writer_of
from requests_app.models import InformationRequest
from requests_app.policies import REQUESTS
from tests.agencies import people_walks as walks
from tests.cast import gather_cast
from tests.patience import PATIENCE
from tests.register import listed
from workflow.bootstrap import save_unattended
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db
ALTER_EGO = "alter.ego@evil.example"


def asked_in(cast, *roles, agency="front_door", by=None, address="new@agency.example"):
    """Somebody whom the administrator has asked in."""
    where = walks.with_domain(cast.agencies[agency], "agency.example")
    ask = {"by": by or cast.administrator, "idempotency_key": uuid4(), "address": address}
    return invitations.invite(where, roles=roles, **ask).membership


def of(membership):
    return Proposal.objects.get(membership=membership)


def notifications(topic):
    """Whom the letters of a topic reach."""
    found = Message.objects.filter(topic=topic, to="")
    return {to for each in found for to in writer_of(topic)(each.about).to.values()}


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_one_administrator_reads_no_case(cast):
    """H2 as the reviewer did it: a domain, an invitation, a check, the guidance, the inbox."""
    front_door, by = cast.agencies["front_door"], cast.administrator
    walks.with_domain(front_door, "council.example")
    expected_version = Agency.objects.get(pk=front_door.pk)
    more = {"domains": ["council.example", "evil.example"]}
    changed = change_agency(
        expected_version, by=by, values=more, expected_version=expected_version.version
    )
    assert changed.domains == ["council.example"]
    ask = {"by": by, "idempotency_key": uuid4(), "roles": [Role.IFD_OFFICER]}
    with pytest.raises(TransitionRefused, match=r"must end in @council\.example"):
        invitations.invite(changed, address=ALTER_EGO, **ask)
    # Even with an address inside the domain the role counts for nothing.
    invitation = invitations.invite(changed, address="ego@council.example", **ask)
    walks.accept(invitation)
    membership = Membership.objects.get(pk=invitation.membership_id)
    walks.check_on(membership, by)
    assert held(membership.user, front_door) == frozenset()
    assert agencies_of(membership.user) == []
    actor = actor_for(membership.user, front_door)
    assert not REQUESTS.scope(actor, *actor.permissions).exists()
    assert roles_waiting(membership) == [Role.IFD_OFFICER]
    # Neither the one who proposed it confirms it, nor the one who is to have it.
    for alone in (by, actor):
        with pytest.raises(PermissionDenied):
            proposals.confirm(of(membership), by=alone)
    assert not HeldRole.objects.filter(membership=membership).exists()


def test_a_second_person_confirms_and_the_role_counts(cast):
    membership = asked_in(cast, Role.IFD_OFFICER)
    assert not HeldRole.objects.filter(membership=membership).exists()
    proposals.confirm(of(membership), by=walks.a_second_administrator(cast))
    assert (roles_of(membership), roles_waiting(membership)) == ([Role.IFD_OFFICER], [])
    made = HeldRole.history.get(membership=membership)
    assert made.history_user.email == "second@office.example"
    assert notifications("proposal.confirmed") >= {cast.administrator.user.email}


def test_managers_and_the_information_governance_lead_are_told_at_once(cast):
    front_door = cast.agencies["front_door"]
    manager = join(cast.users["classmate"], Role.MANAGER, front_door).membership.user
    second = walks.a_second_administrator(cast).user
    membership = asked_in(cast, Role.IFD_OFFICER)
    told = notifications("proposal.made")
    assert told >= {manager.email, second.email, cast.users["desk_lead"].email}
    assert not told & {cast.administrator.user.email, membership.user.email}


def test_the_agencys_own_manager_is_a_second_person(cast):
    manager = join(cast.users["classmate"], Role.MANAGER, cast.agencies["front_door"])
    membership = asked_in(cast, Role.IFD_OFFICER)
    by = actor_for(manager.membership.user, cast.agencies["front_door"])
    assert how_many_wait(by) == 1
    proposals.confirm(of(membership), by=by)
    assert roles_of(membership) == [Role.IFD_OFFICER]


def test_people_of_other_agencies_neither_see_nor_decide_it(cast):
    proposal = of(asked_in(cast, Role.IFD_OFFICER))
    for who in ("trust_manager", "trust_spoc", "officer", "police_partner", "requester"):
        actor = getattr(cast, who)
        assert not waiting(actor)
        for act in (proposals.confirm, proposals.refuse, proposals.withdraw):
            with pytest.raises(PermissionDenied):
                act(proposal, by=actor)


@pytest.mark.parametrize(
    ("who", "agency", "role", "waits"),
    [
        # An agency gives its own people what reaches no further than it does itself.
        ("trust_manager", "trust", Role.REQUESTER, False),
        ("trust_spoc", "trust", Role.SPOC, False),
        ("trust_spoc", "trust", Role.ADVISER, False),
        # At an agency that reads everybody's cases, nobody makes a second person alone.
        ("police_spoc", "police", Role.SPOC, True),
        ("police_spoc", "police", Role.MANAGER, True),
        ("police_spoc", "police", Role.ADVISER, True),
        ("police_spoc", "police", Role.REQUESTER, False),
        # The office gives nothing alone.
        *[("administrator", "trust", role, True) for role in (Role.REQUESTER, Role.SPOC)],
        *[("administrator", "front_door", role, True) for role in (Role.IFD_OFFICER, Role.MANAGER)],
        ("administrator", "police", Role.PARTNER, True),
        ("administrator", "office", Role.ADMINISTRATOR, True),
    ],
)
def test_which_roles_wait(cast, who, agency, role, waits):
    where = cast.agencies[agency]
    assert needs_second_person(getattr(cast, who), where, role) is waits
    by = getattr(cast, who)
    membership = asked_in(cast, role, agency=agency, by=by)
    assert roles_waiting(membership) == ([role] if waits else [])
    assert roles_of(membership) == ([] if waits else [role])


def test_an_administrator_who_also_keeps_people_makes_no_second_self(cast):
    """At the office: as its single point of contact one makes nobody who confirms alone."""
    office = cast.agencies["office"]
    join(cast.administrator.user, Role.SPOC, office)
    both = actor_for(cast.administrator.user, office)
    membership = asked_in(cast, Role.SPOC, agency="office", by=both)
    assert (roles_of(membership), roles_waiting(membership)) == ([], [Role.SPOC])
    with pytest.raises(PermissionDenied):
        proposals.confirm(of(membership), by=both)


def test_a_merger_opens_nothing_by_one_person(cast):
    """One's own charity, with a second self at it, merged into the trust."""
    trust = cast.agencies["trust"]
    charity = listed(cast, kind=trust.kind, domains=["evil.example"])
    ego = User.objects.create_user(ALTER_EGO, "x", first_name="Ego")
    join(ego, Role.SPOC, charity)
    merge(charity, into=trust, by=cast.administrator, expected_version=None)
    assert "evil.example" not in Agency.objects.get(pk=trust.pk).domains
    assert not actor_for(ego, trust).permissions
    assert Proposal.objects.filter(agency=trust, domain="evil.example").exists()


def test_other_roles_for_a_member_wait_and_the_old_ones_stay(cast):
    officer = walks.member(cast, "officer")
    ask = {"by": cast.administrator, "expected_version": officer.version}
    both = [Role.IFD_OFFICER, Role.MANAGER]
    for _twice in range(2):
        people.change_roles(officer, roles=both, **ask)
    assert (roles_of(officer), roles_waiting(officer)) == ([Role.IFD_OFFICER], [Role.MANAGER])
    assert Proposal.objects.filter(membership=officer).count() == 1
    with pytest.raises(TransitionRefused, match="Keep one until then"):
        people.change_roles(
            officer, roles=[Role.MANAGER], by=cast.administrator, expected_version=None
        )
    people.change_roles(
        officer, roles=[Role.IFD_OFFICER], by=cast.administrator, expected_version=None
    )
    assert of(officer).status == "withdrawn"


def test_whoever_leaves_takes_what_waits_along(cast):
    nurse = walks.member(cast)
    proposals.propose_role(nurse, Role.SPOC, by=cast.trust_spoc)
    people.leave(nurse, by=cast.trust_spoc)
    assert of(nurse).status == "withdrawn"
    with pytest.raises(TransitionRefused, match="proposal withdrawn"):
        proposals.confirm(of(nurse), by=cast.trust_manager)
    membership = asked_in(cast, Role.IFD_OFFICER)
    invitations.take_back_invitation(membership, by=cast.administrator)
    assert of(membership).status == "withdrawn"
    with pytest.raises(TransitionRefused, match="has left the agency"):
        proposals.propose_role(membership, Role.IFD_OFFICER, by=cast.administrator)


def test_refused_is_refused(cast):
    second = walks.a_second_administrator(cast)
    proposal = of(asked_in(cast, Role.IFD_OFFICER))
    proposals.refuse(proposal, by=second)
    proposals.refuse(proposal, by=second)
    with pytest.raises(TransitionRefused, match="refused by a second person"):
        proposals.confirm(proposal, by=cast.administrator)
    assert not HeldRole.objects.filter(membership=proposal.membership).exists()
    assert notifications("proposal.refused") == {cast.administrator.user.email}


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_a_domain_waits_and_is_listed_once(cast):
    trust = walks.with_domain(cast.agencies["trust"], "trust.example")
    ask = {"by": cast.administrator, "values": {"domains": ["trust.example", "new.example"]}}
    for _twice in range(2):
        trust = change_agency(Agency.objects.get(pk=trust.pk), expected_version=None, **ask)
    assert trust.domains == ["trust.example"]
    proposal = Proposal.objects.get(domain="new.example")
    with pytest.raises(PermissionDenied):
        proposals.confirm(proposal, by=cast.administrator)
    proposals.confirm(proposal, by=cast.trust_manager)
    assert Agency.objects.get(pk=trust.pk).domains == ["new.example", "trust.example"]


def test_an_import_lists_no_domain_alone(cast):
    school = listed(cast, domains=["school.example"])
    columns = list(lists.COLUMNS)
    [line] = lists.lines(lists.with_holders(Agency.objects.filter(pk=school.pk)))
    row = [line.values[name] for name in columns]
    row[columns.index("domains")] = "school.example evil.example"
    bring_in(columns, [row], by=cast.administrator, expected_version=lists.stamp())
    assert Agency.objects.get(pk=school.pk).domains == ["school.example"]
    assert Proposal.objects.get(domain="evil.example").agency == school


def test_what_nobody_else_could_confirm_says_so(cast):
    membership = asked_in(cast, Role.ADMINISTRATOR, agency="office")
    [alone] = without_a_second(waiting(cast.administrator))
    assert alone.proposal == of(membership)
    walks.a_second_administrator(cast)
    assert without_a_second(waiting(cast.administrator)) == []


def test_all_that_is_decided_at_once_is_decided_or_nothing(cast):
    second = walks.a_second_administrator(cast)
    first = of(asked_in(cast, Role.IFD_OFFICER))
    other = of(asked_in(cast, Role.IFD_OFFICER, address="two@agency.example"))
    proposals.withdraw(other, by=cast.administrator)
    said = {first.pk: "confirm", other.pk: "confirm"}
    with pytest.raises(TransitionRefused):
        proposals.decide([first, Proposal.objects.get(pk=other.pk)], said, by=second)
    assert Proposal.objects.get(pk=first.pk).status == "proposed"


def test_the_database_keeps_what_was_proposed_and_how_it_ended(cast):
    proposal = of(asked_in(cast, Role.IFD_OFFICER))
    proposals.refuse(proposal, by=walks.a_second_administrator(cast))
    for statement in (
        "UPDATE agencies_proposal SET status = 'proposed'",
        "UPDATE agencies_proposal SET proposed_by_id = %s",
        "DELETE FROM agencies_proposal",
        "UPDATE agencies_historicalproposal SET role = 'partner'",
    ):
        values = [cast.users["officer"].pk] if "%s" in statement else []
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    neither = Proposal(id=uuid4(), agency=proposal.agency, proposed_by=cast.users["officer"])
    with pytest.raises(IntegrityError, match="role_or_a_domain"), transaction.atomic():
        save_unattended(neither)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does():
    cast = gather_cast()
    pk = of(asked_in(cast, Role.IFD_OFFICER)).pk
    second = walks.a_second_administrator(cast)
    user = User.objects.create_user("third@office.example", "x", first_name="Thea")
    join(user, Role.ADMINISTRATOR, cast.agencies["office"])
    third, at_once = actor_for(user, cast.agencies["office"]), Barrier(2)

    def decides(how):
        act, by = how
        try:
            row = Proposal.objects.select_related("agency", "membership").get(pk=pk)
            at_once.wait(timeout=PATIENCE)
            act(row, by=by)
        except TransitionRefused:
            return None
        finally:
            connections.close_all()
        return act.__name__

    with ThreadPoolExecutor(2) as pool:
        done = set(pool.map(decides, [(proposals.confirm, second), (proposals.refuse, third)]))
    proposal = Proposal.objects.get(pk=pk)
    assert done == {None, {"confirmed": "confirm", "refused": "refuse"}[proposal.status]}
    given = HeldRole.objects.filter(membership=proposal.membership).exists()
    assert given is (proposal.status == "confirmed")
    assert InformationRequest.objects.count() == 0
