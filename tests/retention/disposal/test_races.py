"""Two at once about one disposal, with real threads on PostgreSQL."""

from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction

from agencies.acting import actor_for
from agencies.bootstrap.unattended import join
from agencies.permissions import Role
from encryption.disposals import entries
from retention.disposal import actions as disposing
from retention.disposal import destroying
from retention.models import Disposal, DisposalList, DisposalStatement, Hold
from tests import walks as requests
from tests.house.test_races import at_once, events, fresh
from tests.retention import walks
from tests.retention.disposal.test_disposing import is_readable

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "keystore"]),
    pytest.mark.clause("ISA-8.1"),
]


@pytest.fixture
def case(cast):
    return walks.closed(cast)


def test_a_hold_set_while_it_begins_wins_or_is_refused(cast, case):
    walks.waited(walks.approved(cast, case))
    cast_by = cast.trust_manager
    ends = at_once(
        destroying.carry_out,
        lambda: walks.held(Only(trust_manager=cast_by), fresh(case), "trust_manager"),
    )
    assert ends in (["made", "made"], ["made", "refused"])
    assert Hold.objects.exists() == is_readable(case)
    assert Disposal.objects.get().status == ("kept" if is_readable(case) else "destroyed")


class Only:
    """Actors that were made before the threads were."""

    def __init__(self, **actors):
        self.__dict__.update(actors)


def test_cancelling_while_it_begins_wins_or_is_refused(cast, case):
    row, by = walks.waited(walks.approved(cast, case)), cast.officer2
    ends = at_once(destroying.carry_out, lambda: disposing.cancel_disposal(fresh(row), by=by))
    assert ends in (["made", "made"], ["made", "refused"])
    status = Disposal.objects.get().status
    assert status == ("kept" if is_readable(case) else "destroyed")
    if status == "kept":
        assert DisposalList.objects.get().status == "cancelled"


def test_opening_it_while_it_begins_wins_or_is_too_late(cast, case):
    walks.waited(walks.approved(cast, case))
    cast_by = Only(police_partner=cast.police_partner)
    ends = at_once(destroying.carry_out, lambda: requests.opened(cast_by, fresh(case)))
    assert "made" in ends
    assert Disposal.objects.get().status in {"kept", "destroyed"}
    assert (Disposal.objects.get().status == "kept") == is_readable(case)


def test_carried_out_by_two_it_is_carried_out_once(cast, case):
    row = walks.waited(walks.approved(cast, case, walks.closed(cast)))
    assert at_once(*[destroying.carry_out] * 3) == ["made"] * 3
    assert {line.status for line in row.lines.all()} == {"destroyed"}
    assert events("disposal.destroyed") == events("disposal.begun") == 2
    assert events("disposallist.done") == 1
    assert len(entries()) == 2
    assert DisposalStatement.objects.count() == 6


def test_two_who_approve_at_once_approve_once(cast, case):
    desk = cast.agencies["front_door"]
    join(cast.users["officer2"], Role.ADVISER, desk)
    row, one, other = walks.listed(cast, case), cast.desk_lead, cast.officer2
    ends = at_once(
        lambda: disposing.approve_disposal(fresh(row), by=one),
        lambda: disposing.approve_disposal(fresh(row), by=other),
    )
    assert ends == ["made", "refused"]
    assert events("disposallist.approve") == 1


def test_approving_and_cancelling_at_once_ends_cancelled(cast, case):
    row, one, other = walks.listed(cast, case), cast.desk_lead, cast.officer2
    ends = at_once(
        lambda: disposing.approve_disposal(fresh(row), by=one),
        lambda: disposing.cancel_disposal(fresh(row), by=other),
    )
    assert ends in (["made", "made"], ["made", "refused"])
    assert DisposalList.objects.get().status == "cancelled"
    assert destroying.waiting() == 0


def test_two_who_list_one_record_at_once_list_it_once(cast, case):
    walks.at_once(cast)
    one, other = cast.officer, cast.officer2
    ends = at_once(
        lambda: disposing.list_for_disposal([fresh(case)], by=one, idempotency_key=uuid4()),
        lambda: disposing.list_for_disposal([fresh(case)], by=other, idempotency_key=uuid4()),
    )
    assert ends == ["made", "refused"]
    assert Disposal.objects.count() == DisposalList.objects.count() == 1


def test_one_page_sent_twice_at_once_lists_once(cast, case):
    walks.at_once(cast)
    idempotency_key, by = uuid4(), cast.officer
    ends = at_once(
        *[
            lambda: disposing.list_for_disposal(
                [fresh(case)], by=by, idempotency_key=idempotency_key
            )
        ]
        * 3
    )
    assert ends == ["made"] * 3
    assert Disposal.objects.count() == DisposalList.objects.count() == 1


def test_nobody_is_both_people_by_way_of_two_roles(cast, case):
    desk = cast.agencies["front_door"]
    for role in (Role.ADVISER, Role.SPOC, Role.MANAGER):
        join(cast.users["officer"], role, desk)
    row = walks.listed(cast, case)
    by = actor_for(cast.users["officer"], desk)
    assert at_once(*[lambda: disposing.approve_disposal(fresh(row), by=by)] * 2) == ["refused"] * 2


def test_a_list_is_held_while_it_is_held_against_the_ledger(cast, case, monkeypatch):
    """Or a line that another run changes meanwhile would not be as the leaf that is read after."""
    walks.waited(walks.approved(cast, case))
    stock, free = destroying.is_as_recorded, []

    def could_be_changed(row):
        with transaction.atomic():
            rows = type(row)._base_manager.select_for_update(skip_locked=True)
            free.append(rows.filter(pk=row.pk).exists())
        connection.close()

    def as_recorded(row):
        thread = Thread(target=could_be_changed, args=[row])
        thread.start()
        thread.join()
        return stock(row)

    monkeypatch.setattr(destroying, "is_as_recorded", as_recorded)
    assert destroying.carry_out() == (1, 0)
    assert len(free) > 2
    assert not any(free)
