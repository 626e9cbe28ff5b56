"""What is typed is kept while it is typed, in a real browser: left, found again, sent, given up."""

import pytest
from django.urls import reverse

from sessions.models import Session, UnsentText
from tests import walks
from tests.requests_app.break_glass.test_break_glass_browser import browse
from tests.scanning.clamd import until

pytestmark = pytest.mark.browser
DESKTOP, PHONE = 1280, 375
KEEP = "**/unsent/keep/"


@pytest.fixture
def draft(cast):
    return walks.a_draft(cast)


@pytest.fixture
def where(live_server, draft):
    return live_server.url + reverse("requests:purpose", args=[draft.pk])


@pytest.fixture
def page(live_server, cast, new_context, where):
    """The page on which the requester says what it is for; nobody may be asked about leaving it."""
    page = browse(new_context, live_server, cast, "requester", DESKTOP)
    page.asked = []

    def answer(dialog):
        page.asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto(where)
    return page


def reason(page):
    return page.locator("#id_reason")


def back(page):
    with page.expect_navigation():
        page.locator(".govuk-back-link").click()


def type_and_wait(page, text):
    reason(page).fill("")
    reason(page).press_sequentially(text)
    kept(page)


def kept(page):
    """Wait until all that was typed is kept."""
    page.locator("[data-unsent][data-state=kept]").wait_for()


def test_it_says_that_it_keeps_and_then_when_it_did(page):
    page.get_by_text("What you type is kept for you for 7 days in this browser").wait_for()
    type_and_wait(page, "He spoke of it")
    assert page.locator("[role=status]", has_text="Kept at").is_visible()


def test_what_was_typed_is_there_again_and_nobody_was_asked(page, where):
    type_and_wait(page, "He spoke")
    [before] = UnsentText.objects.values_list("kept_at", flat=True)
    reason(page).press_sequentially(" of it at once")
    back(page)  # which waits for nothing
    assert page.asked == []
    until(lambda: UnsentText.objects.filter(kept_at__gt=before).exists())
    page.goto(where)
    page.get_by_text("You typed something on this page").wait_for()
    assert reason(page).input_value() == "He spoke of it at once"


def test_what_was_ticked_is_there_again(page, where):
    box = page.locator("main input[type=checkbox]:not(:checked)").first
    value = box.get_attribute("value")
    box.check()
    kept(page)
    page.goto(where)
    assert page.locator(f"main input[value={value}]").is_checked()


def test_once_saved_nothing_comes_back(page, where, draft):
    type_and_wait(page, "He spoke of it")
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").click()
    draft.refresh_from_db()
    assert draft.purpose_reason == "He spoke of it"
    page.goto(where)
    assert page.get_by_text("You typed something").count() == 0
    assert page.asked == []


def test_what_came_back_is_saved_like_anything_else_and_then_gone(page, where, draft):
    type_and_wait(page, "He spoke of it")
    page.goto(where)
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").click()
    draft.refresh_from_db()
    assert draft.purpose_reason == "He spoke of it"
    page.goto(where)
    assert page.get_by_text("You typed something").count() == 0


def test_what_came_back_can_be_deleted(page, where):
    before = reason(page).input_value()
    type_and_wait(page, "He spoke of it")
    page.goto(where)
    with page.expect_navigation():
        page.get_by_role("button", name="Delete it and show what is saved").click()
    assert page.url == where
    assert reason(page).input_value() == before
    assert page.get_by_text("What you had typed was deleted.").is_visible()


def test_a_form_that_came_back_with_errors_is_kept_at_once(page, where):
    reason(page).fill("He spoke of it")
    for each in page.locator("main input[type=checkbox]:checked").all():
        each.uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").click()
    kept(page)
    page.locator("h1").click()
    back(page)
    assert page.asked == []
    page.goto(where)
    assert reason(page).input_value() == "He spoke of it"


@pytest.mark.parametrize("fault", ["nobody answers", "a fault", "refused"])
def test_what_cannot_be_kept_is_said_and_asked_about(page, fault):
    faults = {
        "nobody answers": lambda route: route.abort(),
        "a fault": lambda route: route.fulfill(status=500),
        "refused": lambda route: route.fulfill(status=422),
    }
    page.route(KEEP, faults[fault])
    reason(page).press_sequentially("He spoke of it")
    page.get_by_text("What you type cannot be kept at the moment").wait_for()
    back(page)
    assert page.asked == ["beforeunload"]


def test_it_is_kept_again_once_the_portal_answers(page, where):
    page.route(KEEP, lambda route: route.abort())
    reason(page).fill("He spoke")
    page.get_by_text("What you type cannot be kept at the moment").wait_for()
    page.unroute(KEEP)
    type_and_wait(page, "He spoke again")
    page.goto(where)
    assert reason(page).input_value() == "He spoke again"


def test_a_page_that_was_saved_in_another_tab_says_so(page, where):
    other = page.context.new_page()
    other.goto(where)
    type_and_wait(other, "In the other tab")
    with other.expect_navigation():
        other.get_by_role("button", name="Save and continue").click()
    reason(page).press_sequentially(" and in this one")
    page.get_by_text("This page was saved after you opened it").wait_for()


def test_a_session_that_has_ended_keeps_nothing_and_says_so(page):
    Session.objects.all().delete()
    reason(page).press_sequentially("He spoke of it")
    page.get_by_text("What you type cannot be kept at the moment").wait_for()


def test_without_scripts_the_page_says_that_nothing_is_saved(live_server, cast, new_context, where):
    page = browse(new_context, live_server, cast, "requester", DESKTOP, java_script_enabled=False)
    page.goto(where)
    assert page.get_by_text("not saved until you press the button below").is_visible()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_page_with_what_came_back_is_accessible(
    live_server, cast, new_context, where, axe, width
):
    page = browse(new_context, live_server, cast, "requester", width)
    page.goto(where)
    type_and_wait(page, "He spoke of it")
    page.goto(where)
    page.get_by_text("You typed something on this page").wait_for()
    axe(page)
