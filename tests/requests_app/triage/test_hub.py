"""The page of those who answer for the front door: counts, and nothing of a child."""

import os
import re
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.bootstrap.unattended import join
from agencies.models import User
from agencies.permissions import Role
from audit.models import AccessEntry
from requests_app.models import InformationRequest
from requests_app.triage import actions as triage
from requests_app.triage import hub, owning
from tests import walks
from tests.look.measuring import WIDTHS, faults_of
from tests.plugins.people import sign_in
from tests.requests_app.break_glass.test_break_glass_browser import browse

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P-TIMELY", part=True)]
HUB, DESK = reverse("requests:hub"), reverse("requests:inbox")


def text(response):
    return " ".join(response.content.decode().split())


def again(case):
    return InformationRequest.objects.get(pk=case.pk)


def lines(page, caption):
    """The numbers of each line of a table, by its heading."""
    table = page.split(f">{caption}</caption>")[1].split("</table>")[0]
    rows = re.findall(r"<tr.*?</tr>", table)[1:]
    cells = [re.findall(r"<t[hd][^>]*>\s*(.*?)\s*</t[hd]>", row) for row in rows]
    return {each[0]: [int(number) for number in each[1:6]] for each in cells}


@pytest.fixture
def manager(cast):
    """The responsible manager of the front door, who triages nothing."""
    user = User.objects.create_user("manager@front-door.example", "x", first_name="Mona")
    join(user, Role.MANAGER, cast.agencies["front_door"])
    return sign_in(Client(), user)


def test_it_counts_by_age_rating_and_owner(cast, signed_in):
    mine, red, _free = walks.sent(cast), walks.sent(cast), walks.accepted(cast)
    triage.change_rating(again(red), by=cast.officer, rating="red", reason="Worse")
    owning.claim_request(again(mine), by=cast.officer)
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=2)):
        page = text(signed_in("officer").get(HUB))
    # red, amber, green, all, late
    ages = lines(page, "By how long they have been here")
    assert ages["1 to 3 days"][:4] == [1, 2, 0, 3]
    assert ages["Up to 1 day"] == [0, 0, 0, 0, 0]
    owners = lines(page, "By who has them")
    assert owners["Nobody"][:4] == [1, 1, 0, 2]
    assert owners["Olive Officer"][:4] == [0, 1, 0, 1]
    assert 'width="66.67%"' in page


def test_what_became_late_this_week_is_listed_while_it_is_open(cast, signed_in):
    case, paused = walks.sent(cast), walks.sent(cast)
    triage.return_request(
        paused, by=cast.officer, idempotency_key=walks.uuid4(), questions=["Which day?"]
    )
    due = again(case).due_at
    with patch("django.utils.timezone.now", return_value=due + timedelta(minutes=5)):
        page = text(signed_in("officer").get(HUB))
        assert case.reference in page
        assert paused.reference not in page
        assert "(1 late)" in page
    with patch("django.utils.timezone.now", return_value=due + timedelta(days=8)):
        page = text(signed_in("officer").get(HUB))
        assert case.reference not in page
        assert "(1 late)" in page


@pytest.mark.clause("ISA-6.2", "ISA-7.2", part=True)
def test_the_manager_of_the_front_door_reads_counts_and_opens_nothing(cast, manager):
    case = walks.sent(cast)
    page = text(manager.get(HUB))
    assert lines(page, "By who has them")["Nobody"][3] == 1
    assert case.reference not in page
    assert f"/inbox/{case.pk}/" not in page
    assert not {"Zed", "Z.E.", "Example", "Rita"} & set(re.findall(r"[\w.]+", page))
    assert not AccessEntry.objects.filter(case_id=case.pk).exists()
    assert "Front door today" in text(manager.get(HUB))
    assert manager.get(DESK).status_code == 404


@pytest.mark.parametrize("name", ["trust_manager", "trust_spoc", "requester", "desk_lead"])
def test_nobody_else_reads_it(name, cast, signed_in):
    assert signed_in(name).get(HUB).status_code == 404
    assert "Front door today" not in text(signed_in(name).get("/"))


def test_no_more_than_the_oldest_are_counted_and_it_says_so(cast, signed_in):
    walks.sent(cast)
    walks.sent(cast)
    with patch.object(hub, "MOST", 1):
        assert "There are more." in text(signed_in("officer").get(HUB))
    assert "There are more." not in text(signed_in("officer").get(HUB))


def test_it_is_flat(cast, signed_in, flat):
    officer = signed_in("officer")
    owning.claim_request(walks.sent(cast), by=cast.officer)

    def add():
        owning.claim_request(walks.sent(cast), by=cast.officer)

    flat(lambda: officer.get(HUB), add=add)


@pytest.mark.browser
def test_it_is_drawn_with_its_table(live_server, cast, new_context, axe):
    for rating in ("red", "green", "amber"):
        case = walks.sent(cast)
        if rating != "amber":
            triage.change_rating(again(case), by=cast.officer, rating=rating, reason="Seen")
    owning.claim_request(again(case), by=cast.officer)
    page = browse(new_context, live_server, cast, "officer", 1280)
    page.goto(live_server.url + HUB)
    widths = page.evaluate(
        "[...document.querySelectorAll('.portal-hub__bar rect')]"
        ".map((part) => part.getBoundingClientRect().width)"
    )
    assert len(widths) == 6
    assert min(widths) > 1
    if folder := os.environ.get("PICTURES"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"hub-{width}.png")
    axe(page)
    assert faults_of(page) == []
