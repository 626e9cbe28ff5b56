"""A shift at the front door: forty requests, two officers at once, with scripts and without."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from audit.models import Event
from requests_app.asking import actions as asking
from requests_app.models import InformationRequest
from requests_app.triage import actions as triage
from tests import walks
from tests.story.effort import Hand
from tests.story.jobs import triage_and_ask_two
from tests.story.test_browser import stage  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.clause("P-TIMELY", part=True)]
FORTY, RED = 40, 3
DESK = reverse("requests:inbox")


def sent(cast, number):
    """A request about a child whom no other is like."""
    draft = walks.a_draft(
        cast,
        given_name=f"{chr(ord('A') + number % 26)}nn{chr(ord('a') + number // 26)}",
        family_name=f"{chr(ord('Z') - number % 26)}ough",
        date_of_birth=date(2009 + number % 9, 1 + number % 12, 1 + number % 28),
        nhs_number="",
        address="",
    )
    return asking.send_request(draft, by=cast.requester)


@pytest.fixture
def forty(cast):
    """The first came nine days ago, and nobody answered its check; of the rest three are red."""
    late = walks.an_agency_check(cast, case=walks.accepted(cast, sent(cast, 0)))
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=True):
        cases = [sent(cast, number) for number in range(1, FORTY)]
        for case in cases[-RED:]:
            triage.change_rating(case, by=cast.officer, rating="red", reason="Seen today")
        yield late, cases


def owner_of(case):
    return InformationRequest.objects.get(pk=case.pk).owner


def chip(hand, group):
    return hand.main.locator(f'.portal-chip[href*="group={group}"]').first


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_two_officers_work_through_a_morning(stage, cast, forty, scripts):  # noqa: F811
    late, cases = forty
    red, own = cases[-RED:], cases[:3]
    if not scripts:
        stage.axe = None  # it is itself a script
    one, two = (Hand(stage, who, java_script_enabled=scripts) for who in ("officer", "officer2"))

    # Both see the same, the red ones first.
    for hand in (one, two):
        hand.goto(DESK)
        expect(chip(hand, "todo")).to_contain_text(str(FORTY - 1))
        expect(chip(hand, "late")).to_contain_text("1")
        first = hand.main.locator("tbody tr").first
        expect(first).to_contain_text("Red")

    # Who is second reads who was first, and nothing is taken from anybody.
    two.send(only=red[0].pk)
    two.reads("You claimed 1 request.")
    one.send(only=red[0].pk)
    one.reads(cast.users["officer2"].get_full_name(), red[0].reference)
    assert owner_of(red[0]) == cast.users["officer2"]

    # Several at once, then two of them to the end of what can be done today.
    one.goto(DESK)
    one.fill(chosen=[red[1].pk, red[2].pk])
    one.press("Claim selected")
    one.reads("You claimed 2 requests.")
    assert owner_of(red[1]) == owner_of(red[2]) == cast.users["officer"]
    one.goto(DESK)
    triage_and_ask_two(one, red[1])

    # What is late is chased, once an hour.
    two.goto(f"{DESK}?group=late")
    two.to("requests:triage_case", late.case_id)
    two.submit("requests:remind_check", late.pk)
    two.goto(reverse("requests:triage_case", args=[late.case_id]))
    two.reads("Reminded on")
    assert Event.objects.filter(case_id=late.case_id, move="enquiry.remind").count() == 1

    # The shift ends: what is open goes to the colleague with a note, and is theirs.
    one.goto(reverse("requests:shift_hand_over"))
    for case, note in ((red[1], "Two agencies were asked"), (red[2], "Nobody looked yet")):
        one.fill(**{f"{case.pk.hex}-note": note})
    one.fill(to=cast.users["officer2"].pk)
    one.press("Hand over")
    one.reads("You handed over 2 requests.")
    two.goto(DESK)
    two.to("requests:shifts")
    two.to("requests:shift")
    two.reads("Two agencies were asked", "Nobody looked yet")
    two.press("Acknowledge and take over")
    two.reads("You acknowledged 2 requests.")
    assert {owner_of(case) for case in red} == {cast.users["officer2"]}
    assert {owner_of(case) for case in own} == {None}
    assert one.said == two.said == []
