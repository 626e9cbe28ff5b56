"""Two administrators at once, with real threads on PostgreSQL."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from agencies.merging.actions import merge
from agencies.models import Agency, Closure, Contact
from agencies.register import actions
from agencies.register_files.actions import bring_in
from agencies.register_files.columns import COLUMNS, stamp
from tests import walks
from tests.agencies.register_files.test_register_files import NEW
from tests.house.test_races import at_once, fresh
from tests.register import a_contact, listed

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keystore"])


def test_a_post_is_held_by_one(cast):
    agency, by = listed(cast), cast.administrator
    ends = at_once(
        *(
            lambda name=name: actions.fill_post(
                fresh(agency),
                by=by,
                idempotency_key=uuid4(),
                post="spoc",
                holder=a_contact(name),
                expected_version=1,
            )
            for name in ("Nadia", "Nils")
        )
    )
    assert ends == ["made", "refused"]
    assert Contact.objects.filter(agency=agency, post="spoc", status="current").count() == 1


def test_two_agencies_of_one_name_and_two_closures_of_the_same_days(cast):
    by, today = cast.administrator, timezone.localdate()
    assert at_once(lambda: listed(cast, by=by), lambda: listed(cast, by=by)) == ["made", "refused"]
    agency = Agency.objects.get(name="Anytown Ash School")
    days = {"starts": today, "ends": today + timedelta(days=3)}
    closing = [
        lambda: actions.plan_closure(
            fresh(agency),
            by=by,
            idempotency_key=uuid4(),
            answers="Us",
            answers_phone="0151",
            **days,
        )
    ] * 2
    assert at_once(*closing) == ["made", "refused"]
    assert Closure.objects.count() == 1


def test_two_entries_are_not_merged_into_each_other(cast):
    one, other, by = listed(cast), listed(cast, name="Ash School again"), cast.administrator
    ends = at_once(
        lambda: merge(fresh(one), into=fresh(other), by=by, expected_version=None),
        lambda: merge(fresh(other), into=fresh(one), by=by, expected_version=None),
    )
    assert ends == ["made", "refused"]
    assert Agency.objects.filter(status="merged").count() == 1


def test_a_file_confirmed_twice_at_once_is_imported_once(cast):
    by, expected_version = cast.administrator, stamp()
    table = [[NEW.get(name, "") for name in COLUMNS]]
    importing = [
        lambda: bring_in(list(COLUMNS), table, by=by, expected_version=expected_version)
    ] * 2
    ends = at_once(*importing)
    assert "made" in ends
    assert set(ends) <= {"made", "refused"}
    assert Agency.objects.filter(name=NEW["name"]).count() == 1


def test_a_request_is_begun_while_a_file_is_being_imported(cast):
    table = [[NEW.get(name, "") for name in COLUMNS]]
    with transaction.atomic():
        bring_in(list(COLUMNS), table, by=cast.administrator, expected_version=stamp())
        assert at_once(lambda: walks.a_draft(cast)) == ["made"]
