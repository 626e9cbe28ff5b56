"""The people of a request drawn by where they live: nothing lies on anything else."""

import os
import re
from datetime import date
from html import unescape
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.urls import reverse

from requests_app.people import actions as people
from requests_app.triage import household
from requests_app.triage.drawing import Box, width_of
from tests import walks
from tests.look.measuring import WIDTHS, faults_of
from tests.requests_app.break_glass.test_break_glass_browser import browse

pytestmark = pytest.mark.clause("ISA-3.8", part=True)
HOSTILE = '<script>alert("x")</script>'
NAMES = [
    "Zed Example",
    HOSTILE,
    "Wolfeschlegelsteinhausenbergerdorff" * 5,
    "\u05d0\u05d1\u05d2\u05d3 \u05d4\u05d5\u05d6",
    "\u202egnp.exe",
    '\U0001f469\u200d\U0001f467 Smith O\'Neill "Bob"',
    "\u738b\u5c0f\u660e",
    "Anne-Marie Christabel Featherstonehaugh-Cholmondeley of Marshlands",
]
ADDRESSES = ["1 Invented Street, Anytown", "1 invented street anytown", "", "2 Long " * 30]
ROLES = ["child", "connected", "risk"]


def person(number, role=None):
    role = role or ROLES[number % 3]
    known = {"address": ADDRESSES[number % 4]}
    details = dict(known)
    if number % 2:
        known["date_of_birth"] = date(2010, 1, 1)
        details["relationship"] = NAMES[(number + 3) % len(NAMES)]
    return SimpleNamespace(
        role=role,
        role_name=role.title(),
        name=NAMES[number % len(NAMES)],
        known=known,
        details=details,
    )


@pytest.mark.parametrize("number", range(1, 21))
def test_nothing_overlaps_and_all_lies_within(number):
    drawn = household.household_of([person(each) for each in range(number)])
    whole = Box(0, 0, drawn.width, drawn.height)
    for one, other in combinations([home.box for home in drawn.homes], 2):
        assert not one.overlaps(other)
    for home in drawn.homes:
        assert whole.holds(home.box)
        boxes = [each.box for each in home.people]
        for one, other in combinations([*boxes, *(line.box for line in home.lines)], 2):
            assert not one.overlaps(other)
        for each in home.people:
            assert home.box.holds(each.box)
            lines = [line.box for line in each.lines]
            assert all(each.box.holds(box) for box in lines)
            assert not any(one.overlaps(other) for one, other in combinations(lines, 2))
            for line in each.lines:
                assert width_of(line.text, household.SIZE) <= line.box.width
                assert "\u202e" not in line.text
    assert sum(len(home.people) for home in drawn.homes) == len(drawn.rows) == number
    again = household.household_of([person(each) for each in range(number)])
    assert again == drawn


def test_one_address_is_one_frame_however_it_is_written_and_the_unknown_comes_last():
    drawn = household.household_of([person(2), person(0), person(1)])
    assert [len(home.people) for home in drawn.homes] == [2, 1]
    assert [home.is_known for home in drawn.homes] == [True, False]
    assert drawn.homes[0].lines[0].text == "1 Invented Street, Anytown"
    assert drawn.homes[1].lines[0].text == "Address not known"


def test_who_may_pose_a_risk_is_told_by_words_and_by_shape():
    (home,) = household.household_of([person(0, "risk"), person(4, "child")]).homes
    risk, child = home.people
    assert risk.is_risk
    assert risk.sign
    assert len(risk.corners.split()) == 8
    assert " ".join(line.text for line in risk.lines if line.kind == "warning") == "May pose a risk"
    assert not child.sign


def a_family(cast, names):
    case = walks.a_draft(cast)
    for number, name in enumerate(names):
        details = {
            "given_name": name,
            "relationship": "Half-sister of the mother",
            "address": ADDRESSES[number % 4],
        }
        people.add_subject(
            case,
            by=cast.requester,
            idempotency_key=uuid4(),
            role=ROLES[1 + number % 2],
            details={code: value for code, value in details.items() if value},
        )
    return walks.sent(cast, case)


def at(case):
    return reverse("requests:triage_case", args=[case.pk])


@pytest.mark.django_db
@pytest.mark.clause("ISA-6.2", part=True)
def test_names_are_text_and_nothing_else(cast, signed_in):
    case = a_family(cast, NAMES)
    page = signed_in("officer").get(at(case)).content.decode()
    svg = page.split("portal-household__drawn")[1].split("</svg>")[0]
    assert "<script" not in svg
    texts = [unescape(each) for each in re.findall(r"<text[^>]*>(.*?)</text>", svg)]
    assert any("<script>" in each for each in texts)
    attributes = " ".join(re.findall(r'="([^"]*)"', svg))
    assert not {"Zed", "Risk", "Example"} & set(re.findall(r"\w+", attributes))


@pytest.mark.django_db
def test_the_list_says_all_that_is_drawn(cast, signed_in):
    case = a_family(cast, NAMES[2:3])
    page = signed_in("officer").get(at(case)).content.decode()
    words = page.split('id="household-heading"')[1].split("</dl>")[0]
    said = unescape(" ".join(re.sub(r"<[^>]+>", " ", words).split()))
    for each in ("Zed Example", "Rex Risk", "Uncle", "Person who may pose a risk", NAMES[2]):
        assert each in said


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["requester", "trust_spoc", "administrator"])
def test_nobody_else_sees_it(cast, signed_in, who):
    assert signed_in(who).get(at(walks.sent(cast))).status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("number", [1, 18])
def test_it_is_laid_out(live_server, cast, new_context, axe, number):
    case = a_family(cast, (NAMES * 3)[:number])
    page = browse(new_context, live_server, cast, "officer", 1280)
    page.goto(live_server.url + at(case))
    axe(page)
    if folder := os.environ.get("PICTURES"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            shot = Path(folder) / f"household-{number}-{width}.png"
            page.locator(".portal-household").screenshot(path=shot)
    assert faults_of(page) == []
