"""The check beside a question, and what a requester will read, in a real browser."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from decisions.flow import actions as deciding
from requests_app.agency_checks import actions as agency_checks
from requests_app.models import AgencyCheck
from tests import walks
from tests.plugins.people import sign_in

pytestmark = pytest.mark.browser
WIDTHS = (375, 768, 1280)
PHONE = 375
CONCERN = "He says that his uncle frightens him at night. A bruise that nobody explains."
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 4
# Whether any two boxes of facts, or their words, lie over each other.
OVERLAPS = """() => {
  const facts = [...document.querySelectorAll('.portal-beside__facts > div')];
  const boxes = facts.flatMap(each => [...each.querySelectorAll('dt, dd, strong')])
    .map(each => ({each, box: each.getBoundingClientRect()})).filter(({box}) => box.height);
  return boxes.flatMap(({each: a, box: p}) => boxes.filter(({each: b, box: q}) =>
    a !== b && !a.contains(b) && !b.contains(a) &&
    p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1
  ).map(({each: b}) => `${a.innerText} / ${b.innerText}`));
}"""


@pytest.fixture
def decision(cast):
    case = walks.accepted(cast)
    child = case.subjects.get(role="child")
    agency_check = agency_checks.put_agency_check(
        case,
        by=cast.officer,
        idempotency_key=uuid4(),
        holder=cast.agencies["housing"],
        shown={str(child.pk): ["name"]},
        questions=[("Any arrears?", "To see who lives there")],
        concern=f"{CONCERN}\n{LONG}",
        consent_position="Not sought: Seeking it would cause a delay that could harm a child",
        parents_position="No: Nobody knows who is safe to ask",
    )
    agency_checks.take_agency_check(agency_check, by=cast.housing_spoc)
    walks.listed(agency_check, cast.housing_spoc, "Rent account")
    fresh = AgencyCheck.objects.get(pk=agency_check.pk)
    return deciding.begin_decision(fresh, by=cast.housing_spoc, idempotency_key=uuid4())


def at_housing(new_context, live_server, cast, **how):
    """A page of a browser in which its single point of contact is signed in."""
    session = sign_in(Client(), cast.users["housing_spoc"]).cookies[settings.SESSION_COOKIE_NAME]
    context = new_context(**how)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.value}
    context.add_cookies([cookie | {"url": live_server.url}])
    return context.new_page()


@pytest.mark.parametrize("scripts", [True, False])
def test_it_is_beside_where_there_is_room_and_folded_above_on_a_phone(
    live_server, cast, decision, new_context, axe, scripts
):
    page = at_housing(new_context, live_server, cast, java_script_enabled=scripts)
    page.goto(f"{live_server.url}/decisions/{decision.pk}/questions/purpose/")
    beside = page.get_by_role("complementary", name="About this check")
    folded = page.locator("summary", has_text="About this check")
    asked = page.get_by_role("heading", level=1)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"beside-{width}.png", full_page=True)
        if width == PHONE:
            expect(beside).to_be_hidden()
            expect(page.get_by_text(CONCERN).locator("visible=true")).to_have_count(0)
            assert folded.bounding_box()["y"] < asked.bounding_box()["y"]
            folded.click()
            expect(page.get_by_text(CONCERN).locator("visible=true")).to_have_count(1)
            folded.click()
        else:
            expect(folded).to_be_hidden()
            expect(beside).to_contain_text(CONCERN)
            assert beside.bounding_box()["x"] > asked.bounding_box()["x"] + 100
        if scripts:
            axe(page)
            assert page.evaluate(OVERLAPS) == []
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{wide} pixels too wide at {width}"


def test_two_texts_over_each_other_would_be_found(live_server, cast, decision, new_context):
    """Or the test above would be looking for nothing."""
    page = at_housing(new_context, live_server, cast, viewport={"width": 1280, "height": 800})
    page.goto(f"{live_server.url}/decisions/{decision.pk}/questions/purpose/")
    assert page.evaluate(OVERLAPS) == []
    page.evaluate(
        "document.querySelectorAll('.portal-beside--aside dd')"
        ".forEach(each => { each.style.marginBottom = '-25px' })"
    )
    assert page.evaluate(OVERLAPS) != []


def test_the_page_that_records_a_refusal_is_accessible_and_not_too_wide(
    live_server, cast, decision, new_context, axe
):
    walks.refuse(decision, by=cast.housing_spoc)
    page = at_housing(new_context, live_server, cast)
    page.goto(f"{live_server.url}/decisions/{decision.pk}/record/")
    expect(page.get_by_role("heading", name="What the requester will read")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{wide} pixels too wide at {width}"
