"""Response times: hub hours, bank holidays, pauses, the hour that comes twice (P-TIMELY)."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from requests_app.clocks.calendar import LONDON, Calendar, clock

HUB = Calendar(opens=time(9), closes=time(17), hours={"red": 4, "amber": 24, "green": 72})


def london(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


def due(start: datetime, rating: str, *pauses: tuple[datetime, datetime | None]) -> datetime:
    return clock(start, rating, HUB, pauses, now=start + timedelta(days=400)).due


@pytest.mark.clause("P-TIMELY", part=True)
@pytest.mark.parametrize(
    ("start", "rating", "expected"),
    [
        (london(2, 10), "red", london(2, 14)),  # a Monday
        (london(6, 23), "red", london(7, 3)),  # red runs through Friday night
        (london(2, 9), "amber", london(4, 17)),  # three hub days
        (london(2, 13), "amber", london(5, 13)),
        (london(6, 16), "amber", london(11, 16)),  # over a weekend
        (london(7, 12), "amber", london(11, 17)),  # sent on a Saturday: begins on Monday
        (london(2, 20), "amber", london(5, 17)),  # sent in the evening
        (london(2, 9), "green", london(12, 17)),  # nine hub days
        (london(24, 9, month=12), "amber", london(30, 17, month=12)),  # Christmas
    ],
)
def test_when_it_is_due(start, rating, expected):
    assert due(start, rating) == expected.astimezone(UTC)


def test_clocks_go_back_and_no_hour_is_lost_or_won():
    start = datetime(2026, 10, 24, 23, tzinfo=LONDON)
    assert due(start, "red") - start.astimezone(UTC) == timedelta(hours=4)
    # Hub hours are by the wall, on both sides of the change.
    friday = datetime(2026, 10, 23, 13, tzinfo=LONDON)
    assert due(friday, "amber") == datetime(2026, 10, 28, 13, tzinfo=LONDON).astimezone(UTC)


def test_a_pause_in_hub_hours_moves_it_by_as_much():
    assert due(london(2, 9), "amber", (london(2, 10), london(2, 12))) == london(5, 11).astimezone(
        UTC
    )


def test_a_pause_at_night_moves_it_not_at_all():
    night = (london(2, 18), london(3, 8))
    assert due(london(2, 9), "amber", night) == due(london(2, 9), "amber")


def test_while_it_stands_still_it_is_not_late_and_loses_no_time():
    start, now = london(2, 9), london(20, 12)
    standing = clock(start, "amber", HUB, [(london(2, 10), None)], now=now)
    assert standing.is_stopped
    assert not standing.is_late(now)
    assert standing.due > now.astimezone(UTC)
    assert clock(start, "amber", HUB, now=now).is_late(now)


@pytest.mark.clause("P-TIMELY", part=True)
def test_what_was_late_when_its_clock_stopped_stays_late():
    start, now = london(2, 9), london(20, 12)
    late = clock(start, "amber", HUB, [(london(10, 9), None)], now=now)
    assert late.is_stopped
    assert late.is_late(now)
    assert late.due == due(start, "amber")


moments = st.integers(min_value=0, max_value=3 * 365 * 24).map(
    lambda hours: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)


@settings(max_examples=150, deadline=None)
@given(start=moments, rating=st.sampled_from(["red", "amber", "green"]), data=st.data())
def test_open_time_between_start_and_due_is_what_the_rating_allows(start, rating, data):
    hours = st.integers(min_value=0, max_value=200)
    begin = start + timedelta(hours=data.draw(hours))
    end = begin + timedelta(hours=data.draw(hours))
    found = clock(start, rating, HUB, [(begin, end)], now=end)
    spent = timedelta()
    for opens, closes in HUB.open_time(start, rating):
        if opens.astimezone(UTC) >= found.due:
            break
        low, high = opens.astimezone(UTC), min(closes.astimezone(UTC), found.due)
        stopped = max(timedelta(), min(high, end) - max(low, begin))
        spent += high - low - stopped
    assert spent == timedelta(hours=HUB.hours[rating])
