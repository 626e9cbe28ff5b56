"""The register: listed, changed, its posts, closures, leaving; twice, at once, by the wrong one."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from agencies.acting import actor_for, agencies_of
from agencies.bootstrap.unattended import join
from agencies.merging.actions import merge
from agencies.models import Agency, Closure, Contact, Membership, Partnership
from agencies.partnership.actions import change_partnership
from agencies.partnership.selectors import the_partnership, version_of_partnership
from agencies.permissions import Role
from agencies.register import actions
from agreement.signing import actions as signing
from audit.models import Event
from tests.agencies.people_walks import confirm_all, with_domain
from tests.register import SAID, a_contact, listed, with_posts
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db


def test_a_new_agency_is_listed_with_its_posts_and_takes_no_part_yet(cast):
    agency = listed(cast)
    assert agency.status == Agency.Status.LISTED
    assert {contact.post for contact in agency.contacts.all()} == {"spoc", "manager"}
    history = agency.history.get()
    assert (history.history_change_reason, history.history_user) == (
        "list",
        cast.administrator.user,
    )
    assert Event.objects.filter(move="agency.list", thing_id=str(agency.pk)).count() == 1


@pytest.mark.clause("ISA-4.3-SPOC")
def test_an_agency_is_not_listed_without_both_posts(cast):
    posts = {"spoc": a_contact("Sally")}
    with pytest.raises(TransitionRefused, match="responsible manager"):
        actions.list_agency(
            by=cast.administrator, idempotency_key=uuid4(), values=SAID, posts=posts
        )
    assert not Agency.objects.filter(name=SAID["name"]).exists()


def test_nobody_else_keeps_the_register(cast):
    agency = listed(cast)
    for who in ("requester", "officer", "trust_manager", "police_partner", "trust_adviser"):
        by = getattr(cast, who)
        for act in (
            lambda by=by: listed(cast, by=by, name=f"Of {by}"),
            lambda by=by: actions.change_agency(
                agency, by=by, values={"name": "Mine"}, expected_version=1
            ),
            lambda by=by: actions.fill_post(
                agency, by=by, idempotency_key=uuid4(), post="spoc", holder=a_contact("Eve")
            ),
            lambda by=by: actions.leave(
                agency, by=by, reason="closed", expected_version=agency.version
            ),
            lambda by=by: merge(agency, into=cast.agencies["school"], by=by, expected_version=None),
            lambda by=by: change_partnership(
                by=by, values={}, partners=[], front_door=agency, expected_version=0
            ),
        ):
            if who == "x":
                continue
            with pytest.raises((PermissionDenied, TransitionRefused)) as refused:
                act()
            assert refused.type is PermissionDenied
    agency = Agency.objects.get(pk=agency.pk)
    assert (agency.name, agency.status) == (SAID["name"], "listed")
    assert agency.contacts.count() == 2


def test_an_administrator_of_an_agency_that_does_not_keep_the_register_keeps_nothing(cast):
    join(cast.users["classmate"], Role.ADMINISTRATOR, cast.agencies["school"])
    by = actor_for(cast.users["classmate"], cast.agencies["school"])
    with pytest.raises(PermissionDenied):
        listed(cast, by=by)


def test_listed_twice_is_listed_once(cast):
    idempotency_key = uuid4()
    first, second = (
        listed(cast, idempotency_key=idempotency_key),
        listed(cast, idempotency_key=idempotency_key),
    )
    assert first.pk == second.pk
    assert Contact.objects.filter(agency=first).count() == 2


def test_two_agencies_never_bear_one_name(cast):
    listed(cast)
    with pytest.raises(TransitionRefused, match="this name"):
        listed(cast, name=SAID["name"].upper())
    other = listed(cast, name="Anytown Elm School")
    with pytest.raises(TransitionRefused, match="this name"):
        actions.change_agency(
            other,
            by=cast.administrator,
            values={"name": SAID["name"]},
            expected_version=other.version,
        )


def test_two_editors_do_not_write_over_each_other(cast):
    agency = listed(cast)
    expected_version = agency.version
    hers = Agency.objects.get(pk=agency.pk)
    actions.change_agency(
        agency, by=cast.administrator, values={"phone": "0111"}, expected_version=expected_version
    )
    with pytest.raises(TransitionRefused, match="Somebody else"):
        actions.change_agency(
            hers, by=cast.administrator, values={"phone": "0222"}, expected_version=expected_version
        )
    # The very same words are a doubled click.
    again = Agency.objects.get(pk=agency.pk)
    actions.change_agency(
        again, by=cast.administrator, values={"phone": "0111"}, expected_version=expected_version
    )
    assert Agency.objects.get(pk=agency.pk).phone == "0111"
    assert Event.objects.filter(move="agency.change").count() == 1


@pytest.mark.clause("ISA-4.3-SPOC")
def test_a_post_is_replaced_in_one_act_and_keeps_who_held_it(cast):
    agency = listed(cast)
    idempotency_key, by = uuid4(), cast.administrator
    asked = {
        "idempotency_key": idempotency_key,
        "post": "spoc",
        "holder": a_contact("Nadia"),
        "expected_version": 1,
    }
    actions.fill_post(agency, by=by, **asked)
    actions.fill_post(agency, by=by, **asked)
    held = Contact.objects.filter(agency=agency, post="spoc")
    assert [(c.name, c.status) for c in held.order_by("version", "name")] == [
        ("Nadia Invented", "current"),
        ("Sally Invented", "ended"),
    ]
    with pytest.raises(TransitionRefused, match="Somebody else"):
        actions.fill_post(
            agency,
            by=by,
            idempotency_key=uuid4(),
            post="spoc",
            holder=a_contact("Late"),
            expected_version=1,
        )
    assert held.filter(status="current").get().name == "Nadia Invented"
    # What is said already changes nothing.
    actions.fill_post(
        agency, by=by, idempotency_key=uuid4(), post="spoc", holder=a_contact("Nadia")
    )
    assert held.count() == 2


def test_closures_never_overlap(cast):
    agency, today = listed(cast), timezone.localdate()
    asked = {"answers": "The council", "answers_phone": "0151 496 0000", "answers_email": ""}
    idempotency_key = uuid4()
    first = {"starts": today, "ends": today + timedelta(days=20)}
    closure = actions.plan_closure(
        agency, by=cast.administrator, idempotency_key=idempotency_key, **first, **asked
    )
    actions.plan_closure(
        agency, by=cast.administrator, idempotency_key=idempotency_key, **first, **asked
    )
    second = {"starts": today + timedelta(days=20), "ends": today + timedelta(days=22)}
    with pytest.raises(TransitionRefused, match="already"):
        actions.plan_closure(
            agency, by=cast.administrator, idempotency_key=uuid4(), **second, **asked
        )
    actions.withdraw_closure(closure, by=cast.administrator)
    actions.withdraw_closure(Closure.objects.get(pk=closure.pk), by=cast.administrator)
    actions.plan_closure(agency, by=cast.administrator, idempotency_key=uuid4(), **second, **asked)
    assert Closure.objects.filter(status="planned").count() == 1


def test_an_agency_leaves_once_and_its_name_is_free(cast):
    agency = listed(cast)
    expected_version = agency.version
    actions.leave(agency, by=cast.administrator, reason="closed", expected_version=expected_version)
    actions.leave(
        Agency.objects.get(pk=agency.pk), by=cast.administrator, reason="closed", expected_version=1
    )
    assert Event.objects.get(move="agency.leave").details == {"reason": "closed"}
    gone = Agency.objects.get(pk=agency.pk)
    with pytest.raises(TransitionRefused):
        actions.change_agency(
            gone, by=cast.administrator, values={"phone": "1"}, expected_version=None
        )
    with pytest.raises(TransitionRefused):
        actions.fill_post(
            gone,
            by=cast.administrator,
            idempotency_key=uuid4(),
            post="spoc",
            holder=a_contact("Eve"),
        )
    assert listed(cast).pk != agency.pk


@pytest.mark.parametrize("which", ["office", "front_door", "police"])
def test_the_partnership_is_never_without_what_it_is_made_of(cast, which):
    agency = cast.agencies[which]
    for act in (
        lambda: actions.leave(agency, by=cast.administrator, reason="moved", expected_version=None),
        lambda: merge(
            agency, into=cast.agencies["school"], by=cast.administrator, expected_version=None
        ),
    ):
        with pytest.raises(TransitionRefused):
            act()
    assert Agency.objects.get(pk=agency.pk).status == "taking_part"


@pytest.mark.clause("A-REGISTER")
def test_two_entries_of_one_school_become_one(cast):
    school, by = cast.agencies["school"], cast.administrator
    twin = with_posts(listed(cast, name="Oak School, Anytown"))
    join(cast.users["classmate"], Role.SPOC, twin)
    join(cast.users["trust_nurse"], Role.REQUESTER, twin)
    suspended = cast.users["requester"].memberships.get(agency=school)
    assert suspended.status == "active"
    today = timezone.localdate()
    actions.plan_closure(
        twin,
        by=by,
        idempotency_key=uuid4(),
        starts=today,
        ends=today + timedelta(days=3),
        answers="The council",
        answers_phone="0151 496 0000",
    )
    twin = Agency.objects.get(pk=twin.pk)
    merge(twin, into=school, by=by, expected_version=twin.version)
    merge(Agency.objects.get(pk=twin.pk), into=school, by=by, expected_version=twin.version)
    twin, school = Agency.objects.get(pk=twin.pk), Agency.objects.get(pk=school.pk)
    assert (twin.status, twin.merged_into) == ("merged", school)
    assert not actor_for(cast.users["trust_nurse"], school).permissions
    confirm_all(cast)
    school = Agency.objects.get(pk=school.pk)
    assert set(school.domains) == set(SAID["domains"])
    assert {c.post for c in school.contacts.filter(status="current")} == {"spoc", "manager"}
    assert school.closures.filter(status="planned").count() == 1
    nurse = cast.users["trust_nurse"]
    assert {agency.name for agency in agencies_of(nurse)} >= {school.name, twin.name}
    assert actor_for(nurse, school).permissions == actor_for(nurse, twin).permissions != frozenset()
    classmate = Membership.objects.get(user=cast.users["classmate"], agency=school)
    assert set(classmate.roles.values_list("role", flat=True)) == {"requester", "spoc"}
    assert twin.history.order_by("-history_id")[0].history_change_reason == "merge"
    assert twin.contacts.filter(status="current").count() == 2


def test_a_merger_lets_nobody_back_in_whom_the_kept_entry_shut_out(cast):
    school = cast.agencies["school"]
    twin = listed(cast, name="Oak School, Anytown")
    join(cast.users["requester"], Role.SPOC, twin)
    membership = Membership.objects.get(user=cast.users["requester"], agency=school)
    membership.status = "suspended"
    from workflow.bootstrap import save_unattended

    save_unattended(membership)
    merge(twin, into=school, by=cast.administrator, expected_version=twin.version)
    assert Membership.objects.get(pk=membership.pk).status == "suspended"
    assert set(membership.roles.values_list("role", flat=True)) == {"requester"}


def test_whoever_merges_gets_no_role_by_it(cast):
    school, by = cast.agencies["school"], cast.administrator
    twin = listed(cast, name="Oak School, Anytown")
    join(by.user, Role.SPOC, twin)
    join(cast.users["trust_nurse"], Role.SPOC, twin)
    merge(twin, into=school, by=by, expected_version=twin.version)
    assert not Membership.objects.filter(user=by.user, agency=school).exists()
    assert Membership.objects.filter(user=cast.users["trust_nurse"], agency=school).exists()


def test_an_entry_that_takes_part_is_not_merged_into_one_that_does_not(cast):
    twin = listed(cast, name="Oak School, Anytown")
    with pytest.raises(TransitionRefused, match="takes part"):
        merge(cast.agencies["school"], into=twin, by=cast.administrator, expected_version=None)
    with pytest.raises(TransitionRefused, match="another entry"):
        merge(twin, into=twin, by=cast.administrator, expected_version=None)


@pytest.mark.clause("ISA-2.1")
def test_a_suspended_entry_is_not_merged_into_one_that_works_on(cast):
    trust, other = cast.agencies["trust"], listed(cast, kind=cast.agencies["trust"].kind)
    signing.suspend_agency(trust, by=cast.administrator, idempotency_key=uuid4(), reason="A breach")
    with pytest.raises(TransitionRefused, match="is suspended"):
        merge(with_posts(trust), into=other, by=cast.administrator, expected_version=None)
    assert not other.memberships.exists()


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_a_domain_stays_while_people_have_addresses_in_it(cast, signed_in):
    trust = with_domain(cast.agencies["trust"], "trust.example", "old.example")
    page = {"domains": "new.example", "expected_version": trust.version}
    where = reverse("agencies:agency_change", args=[trust.pk])
    answer = signed_in("administrator").post(where, page)
    assert "People of this agency have addresses in trust.example." in answer.content.decode()
    with pytest.raises(TransitionRefused, match="addresses in a domain"):
        actions.change_agency(
            trust,
            by=cast.administrator,
            values={"domains": ["new.example"]},
            expected_version=trust.version,
        )
    actions.change_agency(
        with_posts(trust),
        by=cast.administrator,
        values={"domains": ["trust.example"]},
        expected_version=trust.version,
    )
    assert with_posts(trust).domains == ["trust.example"]


def test_the_partnership_is_changed_once_and_by_one_at_a_time(cast):
    by, expected_version = cast.administrator, version_of_partnership()
    partners = [cast.agencies[code] for code in ("council", "police", "board")]
    asked = {
        "partners": partners,
        "front_door": cast.agencies["front_door"],
        "expected_version": expected_version,
    }
    change_partnership(by=by, values={"front_door_short": "MASH"}, **asked)
    change_partnership(by=by, values={"front_door_short": "MASH"}, **asked)
    assert the_partnership().front_door_short == "MASH"
    assert Event.objects.filter(move="partnership.change").count() == 1
    history = Partnership.history.first()
    assert (history.history_user, history.history_agency_id) == (by.user, by.agency.pk)
    with pytest.raises(TransitionRefused, match="Somebody else"):
        change_partnership(by=by, values={"front_door_short": "Hub"}, **asked)
    asked["expected_version"] = version_of_partnership()
    with pytest.raises(TransitionRefused, match="three"):
        change_partnership(by=by, values={}, **(asked | {"partners": partners[:2]}))
    # Another partner and another front door: each a move with history of its own.
    other = [*partners[:2], cast.agencies["trust"]]
    change_partnership(
        by=by,
        values={"hub_opens": time(8)},
        partners=other,
        front_door=cast.agencies["housing"],
        expected_version=version_of_partnership(),
    )
    flags = {a.name for a in Agency.objects.filter(is_statutory_partner=True)}
    assert flags == {agency.name for agency in other}
    assert Agency.objects.get(is_front_door=True).name == "Anytown Homes"
    assert Event.objects.filter(move="agency.change").count() == 4
