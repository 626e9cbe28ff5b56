"""What each state of a membership lets a person do, and who changes it (ISA-7.1, 4.3-SPOC)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.utils import timezone

from agencies.acting import actor_for, agencies_of, permissions_at
from agencies.bootstrap.unattended import join
from agencies.eligibility import Missing
from agencies.grants import held
from agencies.guidance import actions as guidance
from agencies.models import Acknowledgement, Contact, Guidance, HeldRole, Membership, User
from agencies.people import actions as people
from agencies.permissions import ROLES, Permission, Role
from agencies.vetting import actions as checks
from sessions.models import Session
from tests.agencies import people_walks as walks
from tests.agencies.people_walks import standing
from tests.cast import gather_cast
from tests.patience import PATIENCE
from workflow.bootstrap import create_unattended
from workflow.transitions import TransitionRefused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.1")]

Status = Membership.Status


@pytest.fixture
def trust(cast):
    return cast.agencies["trust"]


@pytest.fixture
def nurse(cast):
    return walks.member(cast)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_the_first_check_in_date_lets_somebody_begin(cast, trust):
    membership = walks.accepted(cast)
    user = User.objects.get(email=walks.NEW)
    assert permissions_at(user, trust) == frozenset()
    walks.check_on(membership, cast.trust_spoc)
    membership = fresh(membership)
    assert membership.status == Status.ACTIVE
    assert membership.confirmed_until > timezone.localdate()
    assert permissions_at(user, trust) == ROLES[Role.REQUESTER]
    moves = membership.history.values_list("history_change_reason", flat=True)
    assert list(moves) == ["activate", "accept", "invite"]


def test_somebody_who_comes_back_while_their_check_holds_begins_at_once(cast):
    membership = walks.active(cast)
    people.leave(membership, by=cast.trust_spoc)
    again = walks.invited(cast)
    assert again.membership == membership
    from agencies.invitations import actions as invitations

    invitations.accept(again, user=User.objects.get(email=walks.NEW))
    assert fresh(membership).status == Status.ACTIVE


def test_a_check_recorded_twice_is_one(cast, nurse):
    idempotency_key = uuid4()
    first = walks.check_on(nurse, cast.trust_spoc, idempotency_key=idempotency_key)
    assert walks.check_on(nurse, cast.trust_spoc, idempotency_key=idempotency_key) == first
    assert nurse.checks.count() == 2  # one was there before


def test_without_the_check_no_case_opens_again(cast, nurse, trust):
    checks.withdraw_check(nurse.checks.get(), by=cast.trust_manager)
    assert standing(nurse.user, trust).missing == (Missing.CHECK,)
    assert permissions_at(nurse.user, trust) == frozenset()


@pytest.mark.parametrize("act", ["record", "withdraw"])
def test_nobody_records_their_own_check_or_takes_it_back(cast, act):
    own = walks.member(cast, "trust_manager")
    acts = {
        "record": lambda: walks.check_on(own, cast.trust_manager),
        "withdraw": lambda: checks.withdraw_check(own.checks.get(), by=cast.trust_manager),
    }
    with pytest.raises(PermissionDenied):
        acts[act]()


def test_nobody_changes_their_own_membership(cast, trust):
    join(cast.users["trust_nurse"], Role.MANAGER, trust)
    own, by = walks.member(cast, "trust_manager"), cast.trust_manager
    for act in (
        lambda: people.suspend(own, by=by, reason="absent"),
        lambda: people.leave(own, by=by),
        lambda: people.change_roles(own, by=by, roles=[Role.SPOC], expected_version=None),
    ):
        with pytest.raises(PermissionDenied):
            act()


def signed_in_somewhere(signed_in, who):
    client = signed_in(who)
    assert Session.objects.filter(person=client.session["_auth_user_id"]).exists()
    return client


@pytest.mark.parametrize("act", ["suspend", "leave", "change_roles"])
def test_it_acts_at_once_and_ends_every_session(cast, nurse, trust, signed_in, act):
    signed_in_somewhere(signed_in, "trust_nurse")
    if act == "suspend":
        people.suspend(nurse, by=cast.trust_spoc, reason="absent")
    elif act == "leave":
        people.leave(nurse, by=cast.trust_spoc)
    else:
        people.change_roles(
            nurse, by=cast.trust_spoc, roles=[Role.ADVISER], expected_version=nurse.version
        )
    assert not Session.objects.filter(person=nurse.user_id).exists()
    permission = permissions_at(nurse.user, trust)
    assert permission == (ROLES[Role.ADVISER] if act == "change_roles" else frozenset())


def test_a_suspension_is_lifted_and_all_is_as_before(cast, nurse, trust):
    before = permissions_at(nurse.user, trust)
    people.suspend(nurse, by=cast.trust_spoc, reason="absent")
    people.suspend(nurse, by=cast.trust_spoc, reason="absent")  # a doubled click
    assert trust in agencies_of(nurse.user)
    people.lift(nurse, by=cast.trust_manager)
    assert permissions_at(nurse.user, trust) == before


def test_whoever_leaves_keeps_no_role_and_is_no_choice_any_more(cast, nurse, trust):
    people.leave(nurse, by=cast.administrator)
    assert held(nurse.user, trust) == frozenset()
    assert trust not in agencies_of(nurse.user)
    assert not nurse.roles.exists()


def test_roles_are_changed_once_and_not_over_somebody_elses_change(cast, nurse):
    ask = {"by": cast.trust_spoc, "expected_version": nurse.version}
    people.change_roles(nurse, roles=[Role.REQUESTER, Role.SPOC], **ask)
    people.change_roles(nurse, roles=[Role.REQUESTER, Role.SPOC], **ask)
    with pytest.raises(TransitionRefused, match="Somebody else"):
        people.change_roles(nurse, roles=[Role.ADVISER], **ask)
    assert {each.role for each in nurse.roles.all()} == {Role.REQUESTER, Role.SPOC}


def test_a_manager_leaves_roles_of_the_office_as_they_are(cast):
    partner = walks.member(cast, "police_partner")
    with pytest.raises(PermissionDenied):
        people.change_roles(
            partner, by=cast.police_spoc, roles=[Role.PARTNER], expected_version=None
        )
    people.change_roles(partner, by=cast.police_spoc, roles=[Role.REQUESTER], expected_version=None)
    assert {each.role for each in partner.roles.all()} == {Role.REQUESTER, Role.PARTNER}
    people.change_roles(partner, by=cast.police_spoc, roles=[], expected_version=None)
    assert {each.role for each in partner.roles.all()} == {Role.PARTNER}


def test_a_member_has_one_role_at_least(cast, nurse):
    with pytest.raises(TransitionRefused, match="one role at least"):
        people.change_roles(nurse, by=cast.trust_spoc, roles=[], expected_version=None)


def test_another_agency_changes_nothing(cast, nurse):
    for by in (cast.school_spoc, cast.trust_nurse, cast.officer):
        with pytest.raises(PermissionDenied):
            people.suspend(nurse, by=by, reason="absent")


def name_post(agency, post, email):
    return create_unattended(
        Contact, agency=agency, post=post, name="Tess Trustspoc", email=email, phone="0151 496 0001"
    )


@pytest.mark.clause("ISA-4.3-SPOC")
def test_the_only_single_point_of_contact_cannot_go_before_there_is_another(cast, trust):
    spoc = walks.member(cast, "trust_spoc")
    for act in (
        lambda: people.leave(spoc, by=cast.administrator),
        lambda: people.suspend(spoc, by=cast.trust_manager, reason="absent"),
        lambda: people.change_roles(
            spoc, by=cast.administrator, roles=[Role.ADVISER], expected_version=None
        ),
    ):
        with pytest.raises(TransitionRefused, match="only active single point of contact"):
            act()
    join(cast.users["trust_nurse"], Role.SPOC, trust)
    people.leave(spoc, by=cast.administrator)
    assert fresh(spoc).status == Status.LEFT


@pytest.mark.clause("ISA-4.3-SPOC")
def test_whoever_is_on_the_register_as_contact_is_replaced_there_first(cast, trust):
    join(cast.users["trust_nurse"], Role.SPOC, trust)
    spoc = walks.member(cast, "trust_spoc")
    name_post(trust, Contact.Post.SPOC, spoc.user.email.upper())
    with pytest.raises(TransitionRefused, match="on the register as the agency’s single point"):
        people.leave(spoc, by=cast.administrator)
    with pytest.raises(TransitionRefused, match="on the register"):
        people.change_roles(
            spoc, by=cast.administrator, roles=[Role.REQUESTER], expected_version=None
        )
    with pytest.raises(TransitionRefused, match="on the register"):
        people.suspend(spoc, by=cast.administrator, reason="absent")
    assert fresh(spoc).status == Status.ACTIVE


@pytest.mark.clause("ISA-4.3-SPOC")
@pytest.mark.django_db(transaction=True)
def test_of_two_last_who_leave_at_once_one_stays():
    cast = gather_cast()
    join(cast.users["trust_nurse"], Role.SPOC, cast.agencies["trust"])
    both = [walks.member(cast, who).pk for who in ("trust_spoc", "trust_nurse")]
    by, at_once = cast.administrator, Barrier(2)

    def leaves(pk):
        try:
            row = Membership.objects.select_related("agency").get(pk=pk)
            at_once.wait(timeout=PATIENCE)
            people.leave(row, by=by)
        except TransitionRefused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leaves, both)) == [False, True]
    assert Membership.objects.filter(pk__in=both, status=Status.ACTIVE).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "act",
    [
        lambda row, by: people.suspend(row, by=by, reason="absent"),
        lambda row, by: people.leave(row, by=by),
        lambda row, by: people.change_roles(
            row, by=by, roles=[Role.REQUESTER], expected_version=None
        ),
    ],
    ids=["suspend", "leave", "change_roles"],
)
def test_of_two_administrators_who_shut_each_other_out_at_once_one_stays(act):
    cast = gather_cast()
    first = Membership.objects.get(user=cast.administrator.user, agency=cast.administrator.agency)
    second = join(cast.users["trust_nurse"], Role.ADMINISTRATOR, first.agency).membership
    for each in (first, second):  # what they are left with: a new role would wait
        join(each.user, Role.REQUESTER, first.agency)
    pairs = [(first.pk, actor_for(second.user, first.agency)), (second.pk, cast.administrator)]
    at_once = Barrier(2)

    def shuts_out(pair):
        try:
            row = Membership.objects.select_related("agency").get(pk=pair[0])
            at_once.wait(timeout=PATIENCE)
            act(row, pair[1])
        except TransitionRefused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(shuts_out, pairs)) == [False, True]
    left = HeldRole.objects.filter(role=Role.ADMINISTRATOR, membership__status=Status.ACTIVE)
    assert left.filter(membership__in=[first, second]).count() == 1


@pytest.mark.clause("ISA-7.6")
def test_new_guidance_is_needed_by_everybody_anew(cast, nurse, trust):
    first = walks.in_force(cast)
    assert standing(nurse.user, trust).missing == (Missing.GUIDANCE,)
    given = guidance.acknowledge(first, by=cast.trust_nurse)
    assert guidance.acknowledge(first, by=cast.trust_nurse) == given
    assert standing(nurse.user, trust).opens_cases
    second = walks.in_force(cast)
    assert fresh(first).status == Guidance.Status.SUPERSEDED
    assert standing(nurse.user, trust).missing == (Missing.GUIDANCE,)
    with pytest.raises(TransitionRefused, match="changed since"):
        guidance.acknowledge(first, by=cast.trust_spoc)
    guidance.acknowledge(second, by=cast.trust_nurse)
    assert Acknowledgement.objects.filter(user=nurse.user).count() == 2


@pytest.mark.clause("ISA-7.6")
def test_guidance_is_acknowledged_once_for_all_agencies(cast, nurse):
    from agencies.acting import actor_for

    school = cast.agencies["school"]
    join(nurse.user, Role.REQUESTER, school)
    current = walks.in_force(cast)
    guidance.acknowledge(current, by=cast.trust_nurse)
    guidance.acknowledge(current, by=actor_for(nurse.user, school))
    assert Acknowledgement.objects.filter(user=nurse.user).count() == 1
    assert standing(nurse.user, school).opens_cases


def test_only_the_office_keeps_the_guidance(cast):
    with pytest.raises(PermissionDenied):
        guidance.draft_guidance(
            by=cast.trust_manager, idempotency_key=uuid4(), title="Mine", text="Text"
        )
    draft = walks.a_draft(cast)
    with pytest.raises(PermissionDenied):
        guidance.bring_into_force(draft, by=cast.trust_manager)
    changed = {"by": cast.administrator, "title": "New", "text": "Words"}
    guidance.change_guidance(draft, expected_version=draft.version, **changed)
    guidance.bring_into_force(draft, by=cast.administrator)
    guidance.bring_into_force(draft, by=cast.administrator)
    with pytest.raises(TransitionRefused):
        guidance.change_guidance(draft, expected_version=None, **{**changed, "text": "Other words"})
    assert Guidance.objects.filter(status=Guidance.Status.IN_FORCE).count() == 1


def test_a_check_that_ran_out_counts_no_more(cast, nurse, trust):
    checks.withdraw_check(nurse.checks.get(), by=cast.trust_spoc)
    today = timezone.localdate()
    walks.check_on(nurse, cast.trust_spoc, made_on=today - timedelta(days=9), days=0)
    assert standing(nurse.user, trust).opens_cases
    from agencies.people.selectors import running_out

    assert nurse in running_out(trust)


def test_an_administrator_works_on_no_case_whatever_else_is_in_order(cast):
    office = cast.agencies["office"]
    assert permissions_at(cast.users["administrator"], office) == {Permission.ADMINISTER}
