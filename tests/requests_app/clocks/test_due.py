"""The due time beside each rating, and what a page says while the front door is closed."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from agencies.models import Agency, Partnership
from requests_app.clocks.calendar import LONDON
from requests_app.clocks.due import by_when, due_times, hub_hours
from requests_app.clocks.selectors import clock_of
from tests import walks
from tests.requests_app.clocks.weeks import monday_at
from workflow.bootstrap import save_unattended

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 30, 10, 20, tzinfo=LONDON)
SATURDAY = datetime(2026, 11, 28, 22, 0, tzinfo=LONDON)
# The same on a page, which asks who somebody is then: their checks are in date for a while only.
OPEN = monday_at(10, 20)
CLOSED = OPEN - timedelta(days=1, hours=12)
NUMBER = "01632 960099"


@pytest.fixture(autouse=True)
def _number(cast):
    Partnership.objects.update(out_of_hours_telephone=NUMBER)


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.clause("P-TIMELY", part=True)
@pytest.mark.parametrize(
    ("now", "red", "amber"),
    [
        (MONDAY, "Monday 30 November at 2:20pm", "Thursday 3 December at 10:20am"),
        (SATURDAY, "Sunday 29 November at 2am", "Wednesday 2 December at 5pm"),
        (
            datetime(2026, 12, 24, 16, 0, tzinfo=LONDON),  # before Christmas
            "Thursday 24 December at 8pm",
            "Thursday 31 December at 4pm",
        ),
        (
            datetime(2026, 10, 24, 23, 0, tzinfo=LONDON),  # the night that has an hour twice
            "Sunday 25 October at 2am",
            "Wednesday 28 October at 5pm",
        ),
    ],
)
def test_each_rating_is_due_at_a_day_and_time(now, red, amber):
    with time_machine.travel(now, tick=False):
        assert due_times()["red"] == f"by {red}"
        assert due_times()["amber"] == f"by {amber}"


def test_another_year_is_said():
    with time_machine.travel(datetime(2026, 12, 31, 16, 0, tzinfo=LONDON), tick=False):
        assert due_times()["amber"] == "by Wednesday 6 January 2027 at 4pm"


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (MONDAY, ""),
        (SATURDAY, "Monday 30 November at 9am"),
        (MONDAY.replace(hour=17, minute=0), "Tuesday 1 December at 9am"),
        (MONDAY.replace(hour=8, minute=59), "Monday 30 November at 9am"),
        (datetime(2026, 12, 25, 12, 0, tzinfo=LONDON), "Tuesday 29 December at 9am"),
    ],
)
def test_the_hub_says_when_it_opens(now, opens):
    with time_machine.travel(now, tick=False):
        here = hub_hours()
    assert (here.is_open, here.opens) == (not opens, opens)


@pytest.mark.clause("P-TIMELY", part=True)
@pytest.mark.parametrize(("now", "is_closed"), [(OPEN, False), (CLOSED, True)])
def test_wherever_a_rating_is_chosen_stands_the_time_and_whom_to_call(
    cast, signed_in, now, is_closed
):
    with time_machine.travel(now, tick=False):
        draft, case = walks.a_draft(cast), walks.accepted(cast)
        pages = [
            signed_in("requester").get(reverse("requests:rating", args=[draft.pk])),
            signed_in("officer").get(reverse("requests:triage_rate", args=[case.pk])),
            signed_in("officer").get(reverse("requests:put_check", args=[case.pk])),
        ]
        due = due_times()
    for page, ratings in zip(pages, (due, due, (case.rating,)), strict=True):
        said = text(page)
        for rating in ratings:
            assert due[rating] in said
        opens = by_when(OPEN.replace(hour=9, minute=0))
        assert (f"is closed now. It opens on {opens}" in said) == is_closed
        assert (NUMBER in said) == (is_closed or page is pages[0])


def test_a_rating_that_would_be_late_already_says_so(cast, signed_in):
    with time_machine.travel(OPEN, tick=False) as moved:
        case = walks.accepted(cast)
        moved.shift(6 * 3600)
        page = signed_in("officer").get(reverse("requests:triage_rate", args=[case.pk]))
    assert f"by {by_when(OPEN + timedelta(hours=4))}, which has passed" in text(page)


def test_without_a_number_the_page_says_what_to_do(cast, signed_in):
    Partnership.objects.update(out_of_hours_telephone=None)
    with time_machine.travel(CLOSED, tick=False):
        draft = walks.a_draft(cast)
        page = signed_in("requester").get(reverse("requests:rating", args=[draft.pk]))
    assert "No out-of-hours number has been entered here yet" in text(page)
    assert "None" not in text(page)


def test_after_sending_the_requester_reads_what_happens_next_and_whom_to_call(cast, signed_in):
    door = Agency.objects.get(is_front_door=True)
    door.phone = "01632 960010"
    save_unattended(door)
    with time_machine.travel(CLOSED, tick=False):
        draft = walks.a_draft(cast)
        sent = signed_in("requester").post(reverse("requests:send", args=[draft.pk]), follow=True)
        due = by_when(clock_of(type(draft).objects.get(pk=draft.pk)).due)
    said = text(sent)
    assert "What happens next" in said
    assert due in said
    for number in ("01632 960010", NUMBER, "999"):
        assert number in said
