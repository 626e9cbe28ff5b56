"""A page on which something was typed that is neither saved nor kept asks before it is left."""

import pytest
from django.urls import reverse

from tests import walks
from tests.requests_app.break_glass.test_break_glass_browser import browse

pytestmark = pytest.mark.browser
DESKTOP = 1280


@pytest.fixture
def draft(cast):
    return walks.a_draft(cast)


@pytest.fixture
def opened(live_server, cast, new_context, draft):
    """The page of the requester's draft on which its purpose is written, and what was asked.

    What is typed cannot be kept: the portal does not answer.
    """
    page = browse(new_context, live_server, cast, "requester", DESKTOP)
    page.route("**/unsent/keep/", lambda route: route.abort())
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto(live_server.url + reverse("requests:purpose", args=[draft.pk]))
    return page, asked


def back(page):
    with page.expect_navigation():
        page.locator(".govuk-back-link").click()


def test_what_was_typed_and_not_sent_is_asked_about(opened):
    page, asked = opened
    page.locator("#id_reason").press_sequentially("He spoke of it")
    back(page)
    assert asked == ["beforeunload"]


def test_what_was_ticked_is_asked_about(opened):
    page, asked = opened
    page.locator("main input[type=checkbox]:not(:checked)").first.check()
    back(page)
    assert asked == ["beforeunload"]


def test_nothing_is_asked_where_nothing_was_typed(opened):
    page, asked = opened
    page.locator("#id_reason").click()
    back(page)
    assert asked == []


def test_nothing_is_asked_where_it_was_taken_back(opened):
    page, asked = opened
    page.locator("#id_reason").press_sequentially("ab")
    for _ in range(2):
        page.keyboard.press("Backspace")
    back(page)
    assert asked == []


def test_nothing_is_asked_when_it_is_sent(opened, draft):
    page, asked = opened
    page.locator("#id_reason").press_sequentially("He spoke of it")
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").click()
    assert asked == []
    draft.refresh_from_db()
    assert draft.purpose_reason.startswith("He spoke of it")


def test_a_form_that_came_back_with_errors_is_not_saved_and_asks(opened):
    page, asked = opened
    page.locator("#id_reason").press_sequentially("He spoke of it")
    for each in page.locator("main input[type=checkbox]:checked").all():
        each.uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").click()
    assert page.locator(".govuk-error-summary").is_visible()
    assert asked == []
    page.locator("h1").click()  # browsers ask nobody who has not touched the page
    back(page)
    assert asked == ["beforeunload"]


def test_signing_out_in_mid_form_asks(opened):
    page, asked = opened
    page.locator("#id_reason").press_sequentially("He spoke of it")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("scripts", [True, False])
def test_the_list_of_tasks_says_what_is_so(live_server, cast, new_context, draft, scripts):
    """Typed and left is kept with scripts, and not without; typed and saved is saved with both."""
    page = browse(new_context, live_server, cast, "requester", DESKTOP, java_script_enabled=scripts)
    tasks = live_server.url + reverse("requests:case", args=[draft.pk])
    page.goto(tasks)
    assert "saved as you go" not in page.content()
    assert "saved when you press “Save and continue” on it" in page.content()
    assert "without pressing it is not saved" in page.content()
    reason = live_server.url + reverse("requests:purpose", args=[draft.pk])
    page.goto(reason)
    before = page.locator("#id_reason").input_value()
    page.locator("#id_reason").fill("Typed and left")
    if scripts:
        page.locator("[data-unsent][data-state=kept]").wait_for()
    page.goto(tasks)
    page.goto(reason)
    there = page.locator("#id_reason").input_value()
    assert there == ("Typed and left" if scripts else before)
    page.locator("#id_reason").fill("Typed and saved")
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").click()
    page.goto(reason)
    assert page.locator("#id_reason").input_value() == "Typed and saved"
