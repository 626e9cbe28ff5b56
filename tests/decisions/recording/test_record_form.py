"""When a decision was made, where clocks go forward and back (P-RECORD)."""

from datetime import UTC, datetime

import pytest
import time_machine

from decisions.recording.forms import RecordForm

pytestmark = pytest.mark.clause("P-RECORD", part=True)
NOON = 12


def said(day, at, asked_at):
    """What the form makes of a day and a time, the next day at noon."""
    year, month, number = day.split("-")
    given = {"on_day": number, "on_month": month, "on_year": year, "at": at}
    tomorrow = datetime(int(year), int(month), int(number), NOON, tzinfo=UTC)
    with time_machine.travel(tomorrow, tick=False):
        form = RecordForm(given, asked_at=asked_at)
        form.is_valid()
    return form


def test_a_time_that_no_clock_showed_is_refused():
    asked_at = datetime(2024, 3, 30, 9, tzinfo=UTC)
    for at in ("1:00", "01:59"):
        assert "Clocks went forward" in str(said("2024-03-31", at, asked_at).errors["at"])
    for at, hour in (("0:59", 0), ("2:00", 1)):
        form = said("2024-03-31", at, asked_at)
        assert not form.errors
        assert form.cleaned_data["decided_at"].astimezone(UTC).hour == hour


def test_of_an_hour_that_comes_twice_the_first_is_meant_unless_it_is_too_early():
    for asked, hour in ((0, 0), (1, 1)):
        form = said("2024-10-27", "1:30", datetime(2024, 10, 27, asked, 15, tzinfo=UTC))
        assert not form.errors
        moment = form.cleaned_data["decided_at"].astimezone(UTC)
        assert (moment.hour, moment.minute) == (hour, 30)
    form = said("2024-10-27", "1:30", datetime(2024, 10, 27, 1, 45, tzinfo=UTC))
    assert "before the check was sent" in str(form.errors["on"])
