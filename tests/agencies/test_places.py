"""Where somebody acts is asked in one statement, put together once."""

import gc
from datetime import date
from threading import Thread
from uuid import UUID
from weakref import ref

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from agencies.acting import actor_for, places_of
from agencies.bootstrap.unattended import join
from agencies.grants import held
from agencies.models import Agency, Membership, User
from agencies.permissions import Role
from tests.cast import PEOPLE
from workflow.bootstrap import save_unattended
from workflow.compiled import Compiled
from workflow.rows import columns_of

pytestmark = pytest.mark.django_db


def test_it_takes_one_statement_however_many_agencies(cast):
    user = cast.users["officer"]
    places_of(user)
    for code in ("school", "trust", "police"):
        join(user, Role.SPOC, cast.agencies[code])
    with CaptureQueriesContext(connection) as asked:
        places = places_of(user)
    assert len(asked) == 1
    assert {each.agency for each in places} == {
        cast.agencies[code] for code in ("front_door", "school", "trust", "police")
    }
    assert all(each.lets_in and each.standing.opens_cases for each in places)


@pytest.mark.parametrize("who", PEOPLE)
def test_what_is_carried_is_what_guardian_granted(cast, who):
    user, agency = cast.users[who], cast.agencies[PEOPLE[who][2]]
    [here] = places_of(user)
    assert here.agency == agency
    for field in Agency._meta.concrete_fields:
        assert getattr(here.agency, field.attname) == getattr(agency, field.attname), field
    assert here.carried == held(user, agency) == actor_for(user, agency).permissions


def test_a_grant_of_somebody_else_at_the_same_agency_is_not_theirs(cast):
    [here] = places_of(cast.users["trust_nurse"])
    assert here.carried == {"send_request"}


def test_somebody_who_was_made_inactive_may_nothing(cast):
    user = cast.users["trust_spoc"]
    user.is_active = False
    [here] = places_of(user)
    assert not here.lets_in
    assert actor_for(user, cast.agencies["trust"]).permissions == frozenset()


def test_a_membership_that_was_left_lets_nobody_in(cast):
    user = cast.users["trust_spoc"]
    row = Membership.objects.get(user=user)
    row.status = Membership.Status.LEFT
    save_unattended(row)
    [here] = places_of(user)
    assert here.carried
    assert not here.lets_in
    assert actor_for(user, cast.agencies["trust"]).permissions == frozenset()


BY_ADDRESS = Compiled(
    lambda email: User.objects.filter(email=email).values_list("pk", *columns_of(User))
)


def test_a_value_is_a_parameter_and_never_a_part_of_the_text(cast):
    theirs = cast.users["officer"].email
    assert [row[0] for row in BY_ADDRESS(email=theirs)] == [cast.users["officer"].pk]
    for hostile in ("' OR 1=1 --", "%s", "%(email)s", "", theirs + " "):
        assert list(BY_ADDRESS(email=hostile)) == []


@pytest.mark.parametrize(
    "examples",
    [{"email": ("a", "b")}, {"email": "", "unused": date(2000, 1, 1)}],
    ids=["a list", "not in it"],
)
def test_what_is_not_one_parameter_is_refused(examples):
    def query(email, unused=None):
        wanted = {"email__in": email} if isinstance(email, tuple) else {"email": email}
        return User.objects.filter(**wanted).values_list("pk")

    with pytest.raises((TypeError, ValueError)):
        list(Compiled(query)(**examples))


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_through_its_own_connection(cast):
    """What was prepared on one connection is not used on another, which may be closed by then."""
    user, found = cast.users["officer"], []

    def ask():
        found.append([each.agency.pk for each in places_of(user)])
        connections.close_all()

    for _each in range(2):
        thread = Thread(target=ask)
        thread.start()
        thread.join()
    assert found == [[cast.agencies["front_door"].pk]] * 2
    assert isinstance(found[0][0], UUID)


@pytest.mark.django_db(transaction=True)
def test_what_was_prepared_keeps_no_connection_of_a_thread_that_ended(cast):
    user, links = cast.users["officer"], []

    def ask():
        places_of(user)
        links.append(ref(connection._connections["default"]))

    for _each in range(3):
        thread = Thread(target=ask)
        thread.start()
        thread.join()
    gc.collect()
    assert [link() for link in links] == [None] * 3
