"""When a record's time is over (ISA-8.2)."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from outbox.models import Message
from outbox.tasks import writer_of
from requests_app.models import InformationRequest
from retention.disposal.reckoning import reckon
from retention.holds import actions as holds
from retention.models import DisposalStatement
from retention.statements import actions as stating
from retention.tasks import remind_of_statements
from tests import walks as requests
from tests.retention import walks
from workflow.dates import later

pytestmark = [
    pytest.mark.django_db(databases=["default", "keystore"]),
    pytest.mark.clause("ISA-8.2"),
]
TODAY = timezone.localdate


@pytest.fixture
def case(cast):
    return walks.closed(cast)


def found(case):
    [one] = reckon([InformationRequest.objects.get(pk=case.pk)])
    return one


def test_where_nothing_is_set_it_is_a_year_after_the_purpose_was_served(cast, case):
    assert found(case).due_on == later(TODAY(), months=24), (
        "never said: it counts as served a year on"
    )
    said = walks.served(cast, case)
    assert found(case).due_on == later(TODAY(), months=12)
    assert found(case).because == "served"
    walks.purposes.take_purpose_back(said, by=cast.requester)
    assert found(case).due_on == later(TODAY(), months=24)


def test_the_longest_schedule_counts(cast, case):
    walks.at_once(cast)
    assert found(case).is_due
    walks.a_schedule(cast, cast.agencies["housing"], "answered", months=30)
    assert (found(case).due_on, found(case).because) == (later(TODAY(), months=30), "closed")
    walks.a_schedule(cast, cast.agencies["police"], "answered", months=90)
    assert found(case).due_on == later(TODAY(), months=30), "it has no part in it"
    walks.a_schedule(cast, cast.agencies["housing"], "asked", months=90)
    assert found(case).due_on == later(TODAY(), months=30), "it asked nothing"


def test_without_an_end_means_until_it_is_reviewed(cast, case):
    walks.at_once(cast)
    review = TODAY() + dt.timedelta(days=9)
    trust = cast.agencies["trust"]
    walks.a_schedule(
        cast, trust, "answered", months=None, reason="Ordered by the court", review_on=review
    )
    one = found(case)
    assert (one.due_on, one.obstacle, one.review_on) == (None, "without_end", review)
    walks.a_schedule(cast, trust, "answered")
    assert found(case).can_go


def test_from_a_birth_it_is_the_end_of_a_year_so_that_no_birthday_is_told(cast, case):
    walks.at_once(cast)
    walks.a_schedule(cast, cast.agencies["trust"], "answered", starts="birth", months=300)
    born = case.subjects.get(role="child").date_of_birth
    assert found(case).due_on == dt.date(later(born, months=300).year, 12, 31)
    assert found(case).because == "birth"


def test_a_hold_stands_first_in_the_way(cast, case):
    walks.at_once(cast)
    hold = walks.held(cast, case)
    assert found(case).obstacle == "hold"
    holds.lift_hold(hold, by=cast.officer)
    assert found(case).can_go


def test_what_is_not_closed_is_open(cast):
    walks.at_once(cast)
    assert found(requests.accepted(cast)).obstacle == "open"


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-31", 0, "2026-12-31"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-12-15", 300, "2051-12-15"),
        ("9999-12-31", 1, "9999-12-31"),
    ],
)
def test_months_end_where_a_month_ends(day, months, then):
    assert later(dt.date.fromisoformat(day), months=months) == dt.date.fromisoformat(then)


@pytest.mark.clause("ISA-8.1")
def test_receivers_are_chased_until_they_answer_and_no_email_says_more_than_a_reference(cast, case):
    walks.destroyed(cast, case)
    row = DisposalStatement.objects.get(agency=cast.agencies["trust"])

    def reminded(days):
        with time_machine.travel(row.asked_at + dt.timedelta(days=days, hours=1), tick=False):
            remind_of_statements()
            remind_of_statements()
        return Message.objects.filter(topic="statement.chased", about=str(row.pk)).count()

    assert [reminded(days) for days in (13, 14, 27, 28, 29, 56, 300)] == [0, 1, 1, 2, 2, 3, 4]
    for topic in ("statement.asked", "statement.chased"):
        notification = writer_of(topic)(str(row.pk))
        assert set(notification.to) == {
            str(cast.users[who].pk) for who in ("trust_spoc", "trust_manager")
        }
        assert row.reference in notification.text
        assert "Zed" not in notification.text + notification.subject
    stating.state_disposed(row, by=cast.trust_spoc)
    assert reminded(400) == 4
