"""Withdrawing a check in a real browser: accessible, and never too wide, on both sides."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from requests_app.agency_checks.withdrawing import withdraw_agency_check
from tests import walks
from tests.requests_app.agency_checks.test_asking_several import _looked_at
from tests.requests_app.agency_checks.test_withdrawing import being_decided
from tests.requests_app.break_glass.test_break_glass_browser import WIDTHS, browse

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", WIDTHS)
def test_it_is_withdrawn_and_both_sides_read_so(live_server, cast, new_context, axe, width):
    check, _item, decision = being_decided(cast)
    walks.an_agency_check(cast, "housing", check.case)
    other = walks.an_agency_check(cast, "police", check.case)
    withdraw_agency_check(other, by=cast.officer, because="mistake")

    def goto(page, name, row):
        page.goto(f"{live_server.url}{reverse(name, args=[row.pk])}")

    page = browse(new_context, live_server, cast, "officer", WIDTHS[width])
    goto(page, "requests:check_for_desk", check)
    _looked_at(page, axe, f"desk-check-before-{width}")
    with page.expect_navigation():
        page.get_by_role("link", name="Withdraw this check").click()
    _looked_at(page, axe, f"withdraw-{width}")
    page.get_by_role("radio", name="Another reason").check()
    page.get_by_label("What is the reason?").fill("The family has moved to another county.")
    with page.expect_navigation():
        page.get_by_role("button", name="Withdraw the check").click()
    expect(page.get_by_text("it was withdrawn")).to_have_count(2)
    _looked_at(page, axe, f"request-{width}")
    goto(page, "requests:check_for_desk", check)
    _looked_at(page, axe, f"desk-check-{width}")
    page = browse(new_context, live_server, cast, "trust_spoc", WIDTHS[width])
    goto(page, "requests:check", check)
    _looked_at(page, axe, f"agency-check-{width}")
    with page.expect_navigation():
        page.get_by_role("link", name="Decisions on this check").click()
    _looked_at(page, axe, f"agency-decisions-{width}")
    goto(page, "decisions:decision", decision)
    _looked_at(page, axe, f"agency-decision-{width}")
