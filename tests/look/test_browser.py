"""The look in a real browser: accessible, quiet, and never wider than a phone."""

import os
from pathlib import Path

import pytest

from tests.look.measuring import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.look.sampler")]

WIDTHS = {"desktop": 1280, "phone": 375, "small": 320}
PAGES = {
    "sampler": "/sampler",
    "heading": "/heading",
    "sign-in": "/accounts/login/",
    "reset": "/accounts/password/reset/",
    "reset-done": "/accounts/password/reset/done/",
    "reset-bad": "/accounts/password/reset/key/1-x/",
    "signup": "/accounts/signup/",
    "inactive": "/accounts/inactive/",
    "accessibility": "/look/accessibility",
    **{
        name: f"/trouble/{name}"
        for name in (
            "400", "403", "403_csrf", "404", "500", "errors/too_late",
            "errors/no_agency", "errors/disposed", "errors/cannot_open",
        )
    },
}  # fmt: skip


@pytest.fixture
def quiet(page):
    """Whatever the console or the network complained about; nothing may come from elsewhere."""
    said = []
    page.on("console", lambda m: said.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
    return said


def keep_picture(page, name):
    """A picture to look at, if somebody wants to: PICTURES=/tmp/look."""
    if folder := os.environ.get("PICTURES"):
        path = Path(folder) / f"{name.replace('/', '-')}.png"
        page.screenshot(path=path, full_page=True)


def check(page, axe, name):
    """Accessible, and no wider than the window."""
    keep_picture(page, name)
    axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} is {wide} pixels too wide"


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_at_every_width(live_server, page, axe, quiet, width):
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    for name, path in PAGES.items():
        page.goto(f"{live_server.url}{path}")
        check(page, axe, f"{name}-{width}")
    assert quiet == []


def test_a_status_of_a_task_stands_in_one_line(live_server, page):
    page.goto(f"{live_server.url}/sampler")
    assert page.locator(".govuk-task-list").get_by_text("Not yet started").is_visible()
    assert [fault for fault in faults_of(page) if "Not yet started" in fault] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_every_error_leads_to_its_control(live_server, page, axe, quiet, width):
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    page.goto(f"{live_server.url}/sampler")
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").click()
    check(page, axe, f"errors-{width}")
    assert page.title().startswith("Error: Everything")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    links = page.locator(".govuk-error-summary__list a")
    assert links.count() == 9
    for link in links.all():
        link.click()
        target = link.get_attribute("href").removeprefix("#")
        assert page.evaluate("document.activeElement.id") == target
    assert [line for line in quiet if "422" not in line] == []


def test_everything_is_there_without_scripts(live_server, browser, axe):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/sampler")
    keep_picture(page, "sampler-no-scripts")
    assert page.get_by_label("Why not").is_visible()
    assert page.get_by_role("link", name="Agency checks").is_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").click()
    assert "Enter the child's first name" in page.locator(".govuk-error-summary").inner_text()
    context.close()


def test_characters_are_counted_and_never_cut_off(live_server, page):
    page.goto(f"{live_server.url}/sampler")
    page.get_by_label("Why do you need this?").fill("x" * 210)
    page.wait_for_selector("text=You have 10 characters too many")
    assert len(page.get_by_label("Why do you need this?").input_value()) == 210


def test_the_field_under_an_option_shows_when_it_is_picked(live_server, page):
    page.goto(f"{live_server.url}/sampler")
    assert page.get_by_label("Why not").is_hidden()
    page.get_by_role("group", name="Have you told the family?").get_by_role(
        "radio", name="No"
    ).check()
    assert page.get_by_label("Why not").is_visible()


def test_on_paper_each_sheet_is_marked_and_nothing_is_for_clicking(live_server, page, tmp_path):
    page.goto(f"{live_server.url}/sampler")
    page.emulate_media(media="print")
    for gone in (".govuk-service-navigation", ".govuk-back-link", ".govuk-button-group"):
        assert page.locator(gone).first.is_hidden()
    assert page.get_by_text("OFFICIAL-SENSITIVE").is_visible()
    keep_picture(page, "sampler-print")
    if folder := os.environ.get("PICTURES"):
        page.pdf(path=Path(folder) / "sampler.pdf", prefer_css_page_size=True)
