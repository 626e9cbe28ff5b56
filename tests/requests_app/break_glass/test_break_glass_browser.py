"""Openings, oversight and the disclosure log in a real browser: accessible, and never too wide."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from decisions.scrutiny import actions as scrutinising
from requests_app.break_glass import actions as openings
from requests_app.models import Opening
from tests import walks
from tests.plugins.people import sign_in

pytestmark = pytest.mark.browser
WIDTHS = {"desktop": 1280, "phone": 375}


@pytest.fixture
def settled(cast):
    """Something on every page."""
    case = walks.released(cast)
    scrutiny = case.agency_checks.get(holder=cast.agencies["housing"]).decisions.get().scrutiny
    scrutinising.ask_to_reconsider(scrutiny, by=cast.police_partner, reasons="Think again")
    walks.an_agency_check(cast, "housing")
    running, over, other = (walks.opened(cast, case) for _ in range(3))
    openings.close_opening(over, by=cast.police_partner)
    openings.review_opening(other, by=cast.desk_lead, note="Rapid review seven, as she said")
    return case, running, over


def browse(new_context, live_server, cast, who, width, **how):
    session = sign_in(Client(), cast.users[who]).cookies[settings.SESSION_COOKIE_NAME].value
    context = new_context(viewport={"width": width, "height": 800}, **how)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    return context.new_page()


@pytest.mark.clause("ISA-10", part=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible(live_server, cast, settled, new_context, axe, width):
    case, running, over = settled
    read, closed = (f"/openings/{opening.pk}/" for opening in (running, over))
    watched = f"/openings/watch/{running.pk}/"
    pages = {
        "police_partner": ["/openings/", "/openings/open/", read, closed],
        "desk_lead": ["/openings/watch/", "/openings/watch/?show=flagged", watched],
        "officer": [f"/who-has-looked/requests/{case.pk}/"],
        "housing_spoc": ["/oversight/", "/disclosures/", "/disclosures/?outcome=no_share"],
        "trust_spoc": ["/disclosures/"],
    }
    said = []
    for who, paths in pages.items():
        page = browse(new_context, live_server, cast, who, WIDTHS[width])
        page.on("console", lambda m: said.append(m.text) if m.type in {"error", "warning"} else 0)
        for number, path in enumerate(paths):
            page.goto(f"{live_server.url}{path}")
            page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=Path(folder) / f"{who}-{number}-{width}.png", full_page=True)
            axe(page)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{path} is {wide} pixels too wide"
    assert said == []


@pytest.mark.clause("ISA-7.2", part=True)
def test_opened_read_and_closed_in_a_browser(live_server, cast, new_context):
    case = walks.released(cast)
    page = browse(new_context, live_server, cast, "board_partner", 1280)
    page.goto(f"{live_server.url}/openings/")
    page.get_by_role("button", name="Open a case").click()
    page.get_by_label("Reference of the information request").fill(case.reference.lower())
    page.get_by_label("Quality audit").check()
    page.get_by_label("What do you need to find out").fill("Audit nine")
    with page.expect_navigation():
        page.get_by_role("button", name="Open it").click()
    assert "Zed Example" in page.locator("main").inner_text()
    until = Opening.objects.get().until - timezone.now()
    assert timedelta(minutes=58) < until <= timedelta(minutes=60)
    there = page.url
    page.get_by_role("button", name="Close").click()
    page.goto(there)
    assert "no longer open to you" in page.locator("main").inner_text()
