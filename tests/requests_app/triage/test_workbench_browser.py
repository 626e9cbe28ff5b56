"""The page of a request in a real browser: what is due stays in view, and nothing is covered."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from requests_app.models import InformationRequest
from tests.look.measuring import WIDTHS, faults_of
from tests.requests_app.break_glass.test_break_glass_browser import browse
from tests.requests_app.triage.stages import STAGES

pytestmark = [pytest.mark.browser, pytest.mark.clause("ISA-3.8", part=True)]

# Where the bar ends and what has the focus begins, in pixels of the window.
COVERED = """() => {
  const bar = document.querySelector("[data-identity]"), here = document.activeElement;
  if (here === document.body || bar.contains(here)) return "";
  if (getComputedStyle(bar).position !== "sticky") return "";
  const it = here.getBoundingClientRect(), over = bar.getBoundingClientRect();
  const covered = it.top < over.bottom && it.bottom > over.top && it.left < over.right;
  return covered ? `${here.outerHTML}: ${it.top} to ${it.bottom}, under ${over.bottom}` : "";
}"""
SHARE = """() => {
  const bar = document.querySelector("[data-identity]");
  const stays = getComputedStyle(bar).position === "sticky";
  return stays ? bar.getBoundingClientRect().height / window.innerHeight : 0;
}"""


def opened(live_server, cast, new_context, case, **how):
    page = browse(new_context, live_server, cast, "officer", 1280, **how)
    page.goto(live_server.url + reverse("requests:triage_case", args=[case.pk]))
    return page


def kept(page, name):
    """Pictures to look at, if somebody wants to: PICTURES=/tmp/look."""
    if folder := os.environ.get("PICTURES"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"request-{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_overlaps_in_any_state(live_server, cast, new_context, axe, stage):
    page = opened(live_server, cast, new_context, STAGES[stage].made(cast))
    kept(page, stage)
    page.set_viewport_size({"width": 1280, "height": 900})
    axe(page)
    assert faults_of(page) == []


def test_what_is_due_stays_in_view_and_covers_no_focus(live_server, cast, new_context):
    page = opened(live_server, cast, new_context, STAGES["answered"].made(cast))
    page.set_viewport_size({"width": 1280, "height": 900})
    assert 0 < page.evaluate(SHARE) < 0.25
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_role("button", name="Review 1 answer")).to_be_in_viewport()
    for key in ("Tab", "Shift+Tab"):
        for _each in range(60):
            page.keyboard.press(key)
            assert page.evaluate(COVERED) == ""
    for width, height in ((375, 800), (320, 600), (1280, 500)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(SHARE) == 0


def test_a_section_is_jumped_to_without_scripts(live_server, cast, new_context):
    case = STAGES["answered"].made(cast)
    page = opened(live_server, cast, new_context, case, java_script_enabled=False)
    jumps = page.get_by_role("navigation", name="On this page")
    jumps.get_by_role("link", name="What happened").click()
    expect(page.get_by_role("heading", name="What happened")).to_be_in_viewport()
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Change the rating").click()
    expect(page.get_by_role("heading", name="Change the rating")).to_be_visible()
    assert InformationRequest.objects.get(pk=case.pk).status == "accepted"
