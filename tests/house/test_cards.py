"""Each card of the start page counts what the list it leads to shows, for every person."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from agencies.access_review.actions import LAPSE, review_access
from decisions.scrutiny import actions as scrutinising
from requests_app.break_glass import patterns
from requests_app.choices import Check, CheckAnswer
from requests_app.items.actions import accept_item
from requests_app.models import Item
from requests_app.triage import actions as triage
from tests import walks
from tests.cast import PEOPLE
from tests.house.world import TWO_HATS, World, sign_everybody_in, undone

pytestmark = pytest.mark.django_db

TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
CAPTION = re.compile(r"<caption[^>]*>(.*?)</caption>", re.DOTALL)
ROW = re.compile(r"<tr\b", re.ASCII)
# What a list shows besides what waits.
FINISHED = {"Answered in the last 30 days", "Scrutinised", "Answered", "How long records are kept"}
# They lead to the one page on which something is to be done, not to a list.
NO_LIST = {"agreement:overview", "agreement:sign", "agreement:review"}


def rows_on(page: str) -> int:
    """How many rows wait in the tables of a page."""
    found = 0
    for table in TABLE.findall(page):
        caption = CAPTION.search(table)
        if caption is None or caption[1].strip() not in FINISHED:
            found += len(ROW.findall(table.partition("<tbody")[2]))
    return found


def agree(world: World, who: str) -> set[str]:
    """Where this person's cards lead, each counting what is there."""
    there = set()
    for card in world.client(who).get("/").context["cards"]:
        if not card.count or card.to in NO_LIST:
            continue
        page = world.client(who).get(card.href).content.decode()
        assert rows_on(page) == card.count, f"{who}: {card.title} leads to {card.href}"
        there.add(card.href)
    return there


@pytest.mark.parametrize("who", [*PEOPLE, TWO_HATS])
def test_a_card_counts_what_its_list_shows(world: World, who: str):
    with undone():
        agree(world, who)


def test_every_kind_of_card_was_among_them(world: World, monkeypatch: pytest.MonkeyPatch):
    """Or the test above would hold of nothing."""
    with undone():
        # In hub hours nothing stands out about the openings of the world.
        monkeypatch.setattr(patterns, "is_out_of_hours", lambda *_when: True)
        walks.opened(world.cast, walks.sent(world.cast))
        assert set().union(*(agree(world, who) for who in PEOPLE)) >= {
            "/inbox/?group=triage",
            "/inbox/?group=answers",
            "/checks/",
            "/requests/?show=returned",
            "/requests/?show=drafts",
            "/requests/?show=released",
            "/scrutiny/",
            "/advice/",
            "/openings/watch/?show=flagged",
            "/disposals/?show=waiting",
            "/statements/?show=asked",
            "/register/?missing=1",
        }


def test_two_decisions_of_one_check_sent_back_are_one_check_to_reconsider(world: World):
    with undone():
        scrutiny = world.row("scrutiny.police")
        scrutinising.ask_to_reconsider(scrutiny, by=world.cast.board_partner, reasons="Think again")
        assert "/checks/?show=back" in agree(world, "police_spoc")


def test_what_is_ready_to_release_and_to_ask_is_counted_by_requests(world: World):
    with undone():
        case = walks.refused(world.cast).case
        walks.shared(world.cast, "trust", case=case)
        for item in Item.objects.filter(case=case, status=Item.Status.OFFERED):
            accept_item(item, by=world.cast.officer)
        accepted = triage.answer_checks(
            world.row("case.sent"),
            by=world.cast.officer,
            answers=dict.fromkeys(Check, (CheckAnswer.YES, "")),
        )
        triage.accept_request(accepted, by=world.cast.officer)
        there = agree(world, "officer")
        assert there >= {"/inbox/?group=release", "/inbox/?group=put"}


def test_people_whose_checks_run_out_are_shown_as_counted(world: World):
    nurse, by = world.row("member.nurse"), world.cast.trust_manager
    with undone(), time_machine.travel(timezone.now() + timedelta(days=700), tick=True):
        review_access(nurse.agency, by=by, said={nurse.pk: LAPSE})
        sign_everybody_in(world)
        there = agree(world, "trust_manager")
        assert {"/people/?state=running_out", "/people/?state=to_confirm"} <= there
