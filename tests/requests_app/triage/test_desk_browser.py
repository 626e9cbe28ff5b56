"""The desk in a real browser: by keyboard, beside what comes in meanwhile, and without scripts."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from requests_app.models import InformationRequest
from requests_app.triage import owning
from tests import walks
from tests.look.measuring import WIDTHS, faults_of
from tests.requests_app.break_glass.test_break_glass_browser import browse
from workflow.paging import MOST

pytestmark = [pytest.mark.browser, pytest.mark.clause("P-TIMELY", part=True)]


def owner_of(case):
    return InformationRequest.objects.get(pk=case.pk).owner


def test_a_request_is_found_and_claimed_by_keyboard(live_server, cast, new_context, axe):
    cases = [walks.sent(cast), walks.sent(cast)]
    page = browse(new_context, live_server, cast, "officer", 1280)
    page.goto(live_server.url + reverse("requests:inbox"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(f'a.govuk-link[href*="{cases[1].pk}"]')).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("c")
    expect(page.get_by_text("You claimed 1 request.")).to_be_visible()
    assert owner_of(cases[0]) == cast.users["officer"]
    assert faults_of(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("/")
    expect(page.get_by_label("Find a child")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_label("Find a child")).to_have_value("?")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    axe(page)
    page.get_by_label("Keys of one letter work in this browser").uncheck()
    page.get_by_role("button", name="Close").click()
    # Turned off, they stay so.
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("tbody a").first).not_to_be_focused()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Keys of one letter work in this browser").check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator("tbody a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/inbox/{cases[0].pk}/")


WITHIN = """(height) => [...document.querySelectorAll(".portal-desk tbody tr")]
  .filter((row) => row.getBoundingClientRect().bottom <= height).length"""
# What is pressed in the list and beside it, and is no link within a text (WCAG 2.5.8).
TOO_SMALL = """() => [...document.querySelectorAll(
    ".portal-desk input, .portal-desk button, .portal-desk__bar button, .portal-chip")]
  .filter((each) => each.checkVisibility())
  .filter((each) => Object.values(each.getBoundingClientRect().toJSON()).slice(2, 4)
    .some((size) => size < 24)).map((each) => each.outerHTML)"""


def test_a_page_of_requests_is_seen_at_once(live_server, cast, new_context, axe):
    cases = [walks.sent(cast) for _ in range(MOST + 1)]
    for case in cases[::3]:
        owning.claim_request(case, by=cast.officer)
    page = browse(new_context, live_server, cast, "officer", 1280)
    page.goto(live_server.url + reverse("requests:inbox"))
    page.set_viewport_size({"width": 1280, "height": 900})
    if folder := os.environ.get("PICTURES"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"desk-{width}.png")
        page.set_viewport_size({"width": 1280, "height": 900})
    assert page.evaluate(WITHIN, 900) == MOST == 25
    axe(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TOO_SMALL) == [], width
    assert faults_of(page) == []


def test_the_list_is_narrowed_in_a_browser_and_opened_so_again(live_server, cast, new_context, axe):
    case = walks.sent(cast)
    page = browse(new_context, live_server, cast, "officer", 1280)
    desk = live_server.url + reverse("requests:inbox")
    page.goto(desk)
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Who asks").select_option("Anytown Oak School")
    page.get_by_label("Purpose").select_option("needs")
    if folder := os.environ.get("PICTURES"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"filter-{width}.png")
    axe(page)
    assert faults_of(page) == []
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text(case.reference).first).to_be_visible()
    expect(page.get_by_role("link", name="Remove filter: Anytown Oak School")).to_be_visible()
    narrowed = f"{desk}?group=todo&purpose=needs&agency={cast.agencies['school'].pk}"
    axe(page)
    assert faults_of(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    if folder:
        page.screenshot(path=Path(folder) / "narrowed-1280.png")
    page.get_by_role("link", name="Desk", exact=True).click()
    assert page.url == narrowed
    page.get_by_role("link", name="Remove filter: Anytown Oak School").click()
    page.get_by_role("link", name="Start again").click()
    expect(page.get_by_role("link", name="Remove filter")).to_have_count(0)
    # An address of somebody else's is looked at, and one's own choice stays.
    page.goto(narrowed)
    expect(page.get_by_role("link", name="Remove filter: Anytown Oak School")).to_be_visible()
    page.get_by_role("link", name="Desk", exact=True).click()
    assert page.url == f"{desk}?group=todo"


def test_what_came_in_is_said_and_nothing_moves(live_server, cast, new_context):
    walks.sent(cast)
    page = browse(new_context, live_server, cast, "officer", 1280)
    page.clock.install()
    page.goto(live_server.url + reverse("requests:inbox"))
    page.keyboard.press("j")
    case = walks.sent(cast)
    page.clock.run_for(31_000)
    expect(page.get_by_text("1 new since")).to_be_visible()
    known = InformationRequest.objects.exclude(pk=case.pk).get()
    link = page.get_by_role("link", name=f"Z.E. {known.reference}", exact=True)
    expect(link).to_be_focused()
    expect(page.locator('[data-count="todo"]')).to_have_text("2")
    expect(page.locator("tbody a").first).to_be_focused()
    assert case.reference not in page.content()
    page.get_by_role("link", name="Show", exact=True).click()
    expect(page.get_by_text(case.reference).first).to_be_visible()


def test_without_scripts_several_are_claimed_and_handed_over(live_server, cast, new_context):
    cases = [walks.sent(cast), walks.sent(cast), walks.sent(cast)]
    owning.claim_request(cases[2], by=cast.officer2)
    page = browse(new_context, live_server, cast, "officer", 375, java_script_enabled=False)
    page.goto(live_server.url + reverse("requests:inbox"))
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_hidden()
    for case in cases:
        page.get_by_label(f"Select {case.reference}").check()
    page.get_by_role("button", name="Claim selected").click()
    expect(page.get_by_text("You claimed 2 requests.")).to_be_visible()
    expect(page.get_by_text(f"{cases[2].reference}: Omar Otherofficer has it")).to_be_visible()
    for case in cases[:2]:
        page.get_by_label(f"Select {case.reference}").check()
    page.get_by_role("button", name="Give selected to").click()
    page.get_by_label("Who takes over?").select_option("Omar Otherofficer")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Omar Otherofficer has 2 more requests.")).to_be_visible()
    assert {owner_of(case) for case in cases} == {cast.users["officer2"]}
