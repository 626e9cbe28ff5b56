"""A request's time drawn to scale: nothing lies on anything else, and all lies within."""

import os
import random
import re
from contextlib import nullcontext
from datetime import UTC, datetime, time, timedelta
from html import unescape
from itertools import combinations, pairwise
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from requests_app.agency_checks import actions as asking
from requests_app.choices import Check
from requests_app.clocks.calendar import LONDON, Calendar
from requests_app.models import InformationRequest
from requests_app.triage import actions as triage
from requests_app.triage import passing
from requests_app.triage.axis import axis_of
from requests_app.triage.drawing import Box, width_of, wrapped
from requests_app.triage.moments import Entry, Facts, end_of, scale
from tests import walks
from tests.look.measuring import WIDTHS, faults_of
from tests.requests_app.break_glass.test_break_glass_browser import browse

pytestmark = pytest.mark.clause("P-TIMELY", part=True)
CALENDAR = Calendar(time(9), time(17), {"red": 4, "amber": 24, "green": 72})
SPANS = [timedelta(minutes=4), timedelta(hours=4), timedelta(days=3), timedelta(days=200)]
NUMBERS = [1, 2, 3, 5, 8, 13, 30, 60]
WORDS = ["Sent", "Answer: Anytown and Marshlands Community Health Trust", "W" * 200, "\u05d0" * 30]


def facts(number, span, *, start=datetime(2026, 3, 28, 20, tzinfo=UTC), late=False, seed=1):
    drawn = random.Random(seed)  # noqa: S311 - the same each time
    entries = []
    for each in range(number):
        at = start + span * drawn.random() ** 3
        lasts = at + (span - (at - start)) * drawn.random() if each % 4 == 3 else None
        entries.append(Entry(each + 1, at, drawn.choice(WORDS), lasts))
    now, due = start + span * 0.9, start + span * (0.4 if late else 1)
    return passing._dated(
        Facts(start, now, due, entries, (), (), "Now", "Due 3 December 2026 at 12:05pm"),
        CALENDAR,
        "amber",
    )


@pytest.mark.parametrize("width", passing.WIDTHS)
@pytest.mark.parametrize("span", SPANS, ids=str)
@pytest.mark.parametrize("late", [False, True])
def test_no_two_texts_overlap_and_all_lie_within(width, span, late):
    for number in NUMBERS:
        for seed in range(3):
            axis = axis_of(facts(number, span, late=late, seed=seed), width)
            whole = Box(0, 0, axis.width, axis.height)
            for one, other in combinations(axis.texts, 2):
                assert not one.overlaps(other), (number, seed)
            assert len(axis.below) == 2, (number, seed)
            assert axis.labels, (number, seed)
            for label in (*axis.labels, *axis.below):
                assert width_of(label.text, 14) <= label.box.width
                assert not any(label.line.overlaps(box) for box in axis.texts), (number, seed)
            for box in (*axis.texts, *axis.bars, *axis.closed):
                assert whole.holds(box), (number, seed, box)
            for one, other in combinations(axis.bars, 2):
                assert not one.overlaps(other)
            assert axis.is_late is late
            assert axis.start <= axis.now <= axis.end <= width


def test_the_scale_is_that_of_the_clock_over_the_change_of_the_hour():
    """On 29 March 2026 an hour is missing: a minute is as wide before as after."""
    start = datetime(2026, 3, 28, 0, tzinfo=LONDON)
    drawn = Facts(start, start, datetime(2026, 3, 30, 0, tzinfo=LONDON), (), (), (), "Now", "Due")
    hours = [start.astimezone(UTC) + timedelta(hours=each) for each in range(48)]
    steps = [scale(drawn, 700, each) for each in hours]
    assert {round(after - before) for before, after in pairwise(steps)} == {14}
    assert steps[-1] == scale(drawn, 700, end_of(drawn)) == 688


def test_what_lies_between_the_hours_of_the_hub_is_shaded_in_the_hours_of_london():
    begin = datetime(2026, 3, 27, 16, tzinfo=LONDON)  # a Friday, before the clocks go forward
    closed = list(passing._closed(CALENDAR, begin, datetime(2026, 3, 31, 12, tzinfo=LONDON)))
    assert [(each.strftime("%a %H:%M"), to.strftime("%a %H:%M")) for each, to in closed] == [
        ("Fri 17:00", "Mon 09:00"),
        ("Mon 17:00", "Tue 09:00"),
    ]
    assert (closed[0][1].astimezone(UTC) - closed[0][0].astimezone(UTC)) == timedelta(hours=63)


def test_words_stand_where_they_have_room_and_numbers_where_not():
    start = datetime(2026, 11, 2, 9, tzinfo=UTC)
    few = [Entry(each + 1, start + timedelta(hours=each), "Sent") for each in range(3)]
    many = [Entry(each + 1, start + timedelta(minutes=each), "Answered") for each in range(20)]
    end = start + timedelta(hours=4)
    of = lambda entries: axis_of(Facts(start, end, None, entries, (), (), "Now", ""), 700)  # noqa: E731
    assert [label.text for label in of(few).labels] == ["1. Sent", "2. Sent", "3. Sent"]
    assert next(label.text for label in of(many).labels) == "1–10"
    assert len(of(many).dots) == 20


def test_a_text_is_parted_where_no_line_holds_it():
    lines = wrapped("Llanfairpwllgwyngyll " + "x" * 200, 14, 120, most=3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(width_of(line, 14) <= 120 for line in lines)
    assert wrapped("\u202eevil\u0000 \u200bname", 14, 200, most=2) == ["evil name"]


def at(case):
    return reverse("requests:triage_case", args=[case.pk])


def drawn(client, case):
    """The wide drawing's texts, and the lines of the table."""
    page = client.get(at(case)).content.decode()
    wide = page.split("portal-axis__drawn--wide")[1].split("</svg>")[0]
    table = (
        page.split('id="time-heading"')[1].split("</table>")[0].split("<tbody")[1].partition(">")[2]
    )
    rows = [
        [
            " ".join(unescape(each).split())
            for each in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        for row in table.split("</tr>")[:-1]
    ]
    return re.findall(r"<text[^>]*>(.*?)</text>", wide), rows


@pytest.mark.django_db
def test_what_happened_is_drawn_and_said_in_a_table(cast, signed_in):
    case = walks.released(cast)
    walks.an_agency_check(cast, "police", InformationRequest.objects.get(pk=case.pk))
    texts, rows = drawn(signed_in("officer"), case)
    said = [row[1] for row in rows]
    assert said[:2] == ["Sent", "Accepted"]
    assert {"Answer: Anytown Homes", "Answer: Anytown Health Trust", "Released"} < set(said)
    assert [row[0] for row in rows] == [str(each + 1) for each in range(len(rows))]
    assert "Now" in texts
    assert not any(text.startswith("Due") for text in texts)  # its clock is over


@pytest.mark.django_db
def test_a_pause_lasts_and_a_late_request_was_due(cast, signed_in):
    case = walks.sent(cast)
    triage.return_request(case, by=cast.officer, idempotency_key=uuid4(), questions=["Which day?"])
    _texts, rows = drawn(signed_in("officer"), case)
    assert rows[-1][1] == "Waiting for the requester, clock stopped"
    assert rows[-1][3] == "Still"
    other = walks.accepted(cast)
    with patch("django.utils.timezone.now", return_value=other.due_at + timedelta(days=2)):
        officer = signed_in("officer")
        texts, _rows = drawn(officer, other)
        assert any(text.startswith("Was due") for text in texts)
        assert "portal-axis__late" in officer.get(at(other)).content.decode()


@pytest.mark.django_db
def test_a_red_clock_counts_at_night_and_nothing_is_shaded(cast, signed_in):
    case, officer = walks.sent(cast), signed_in("officer")
    assert "portal-axis__closed" in officer.get(at(case)).content.decode()
    triage.change_rating(case, by=cast.officer, rating="red", reason="Worse")
    page = officer.get(at(case)).content.decode()
    assert "portal-axis__closed" not in page
    assert "Rated Red" in page


def over_days(cast):
    """A request returned once, of which one agency has answered; and its time two days later."""
    began = timezone.now()

    def after(hours):
        return patch("django.utils.timezone.now", return_value=began + timedelta(hours=hours))

    with after(0):
        case = walks.sent(cast)
    with after(3):
        triage.return_request(
            case, by=cast.officer, idempotency_key=uuid4(), questions=["Which day?"]
        )
    with after(11):
        triage.take_back_request(case, by=cast.officer)
        for check in Check:
            triage.answer_check(case, by=cast.officer, check=check, answer="yes", note="Seen")
    with after(20):
        case = triage.accept_request(case, by=cast.officer)
    with after(22):
        checks = [walks.an_agency_check(cast, each, case) for each in ("trust", "housing")]
    with after(40):
        asking.answer_not_known(checks[0], by=cast.trust_spoc, searched="By name")
    return case, after(48)


@pytest.mark.browser
@pytest.mark.parametrize("state", ["new", "released", "asked"])
def test_it_is_laid_out(live_server, cast, new_context, axe, state):
    case, now = walks.sent(cast) if state == "new" else walks.released(cast), nullcontext()
    if state == "asked":
        case, now = over_days(cast)
    with now:
        page = browse(new_context, live_server, cast, "officer", 1280)
        page.goto(live_server.url + at(case))
    axe(page)
    if folder := os.environ.get("PICTURES"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            shot = Path(folder) / f"axis-{state}-{width}.png"
            page.locator(".portal-axis").screenshot(path=shot)
    assert faults_of(page) == []
