"""More about a person in a real browser: folded, with and without scripts, never too wide."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from requests_app.agency_checks import actions as agency_checks
from requests_app.asking import actions as asking
from requests_app.models import Subject
from requests_app.people import actions as people
from tests import walks
from tests.requests_app.break_glass.test_break_glass_browser import WIDTHS, browse
from tests.requests_app.people.test_particulars import ADULT, MORE, MOTHER, READ

pytestmark = pytest.mark.browser
CHILD, ADULTS = "More about the child", "More about this person"


def looked_at(page, name, width):
    """A picture of the page, for whoever wants to look at it."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def fits(page):
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"


@pytest.fixture
def draft(cast):
    return asking.start_request(
        by=cast.requester, idempotency_key=uuid4(), desk=cast.agencies["front_door"]
    )


def fill(page):
    page.get_by_label("First name").fill("Zed")
    page.get_by_role("group", name="Has the child been born?").get_by_label("Yes").check()


@pytest.mark.clause("ISA-10", part=True)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scripts", [True, False])
def test_it_is_filled_in_where_it_is_unfolded(
    live_server, cast, draft, new_context, axe, width, scripts
):
    pixels, how = WIDTHS[width], "" if scripts else "-plain"
    page = browse(new_context, live_server, cast, "requester", pixels, java_script_enabled=scripts)
    page.goto(f"{live_server.url}/requests/{draft.pk}/people/add/child/")
    practice, fold = page.get_by_label("GP practice"), page.locator("summary", has_text=CHILD)
    expect(practice).to_be_hidden()
    looked_at(page, f"particulars-folded{how}", pixels)
    fill(page)
    fold.focus()
    page.keyboard.press("Enter")
    expect(practice).to_be_visible()
    education = page.get_by_role("group", name="Is the child at a school, nursery or college?")
    school = page.get_by_label("Name of the school, nursery or college")
    if scripts:
        expect(school).to_be_hidden()
    education.get_by_label("Yes").check()
    school.fill(MORE["school"])
    practice.fill("x" * 201)
    page.get_by_label("First language").fill(MORE["first_language"])
    interpreter = page.get_by_role("group", name="Is an interpreter needed")
    interpreter.get_by_label("Yes").check()
    page.get_by_label("What else helps").fill(MORE["communication"])
    page.get_by_role("group", name="Sex").get_by_label("Female", exact=True).check()
    page.get_by_label("Ethnic group").select_option(label="Roma")
    page.get_by_role("group", name="have a disability").get_by_label("No", exact=True).check()
    if scripts:
        axe(page)
    looked_at(page, f"particulars-open{how}", pixels)
    fits(page)
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="GP practice must be 200 characters or less").click()
    expect(practice).to_be_visible()  # unfolded, since something in it is wrong
    looked_at(page, f"particulars-wrong{how}", pixels)
    fits(page)
    if scripts:
        axe(page)
    practice.fill(MORE["gp_practice"])
    page.get_by_role("button", name="Save and continue").click()
    for key, value in READ.items():
        row = page.locator(".govuk-summary-list__row", has_text=key)
        expect(row).to_contain_text(value)
    looked_at(page, f"particulars-listed{how}", pixels)
    fits(page)
    child = Subject.objects.get(case=draft)
    assert {name: getattr(child, name) for name in MORE} == MORE


@pytest.mark.clause("ISA-10", part=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_that_show_it_are_accessible_and_never_too_wide(
    live_server, cast, new_context, axe, width
):
    case = walks.a_draft(cast, **MORE)
    by, mother = cast.requester, MOTHER | ADULT
    people.add_subject(case, by=by, idempotency_key=uuid4(), role="connected", details=mother)
    drafted = walks.a_draft(cast)
    case = walks.accepted(cast, case)
    child = case.subjects.get(role="child")
    check = agency_checks.put_agency_check(
        case,
        by=cast.officer,
        idempotency_key=uuid4(),
        holder=cast.agencies["trust"],
        shown={str(child.pk): ["name", *MORE]},
        questions=[("Seen at hospital?", "A bruise")],
    )
    pages = {
        "requester": [
            (f"/requests/{drafted.pk}/people/add/connected/", ADULTS),
            (f"/requests/{case.pk}/", "Brookside"),
        ],
        "officer": [
            (f"/inbox/{case.pk}/", "Parental responsibility"),
            (f"/inbox/{case.pk}/put/", "Ethnic group"),
            (f"/versions/requests/{case.pk}/people/{child.pk}/", "White: Roma"),
        ],
        "trust_spoc": [(f"/checks/{check.pk}/", "White: Roma")],
    }
    for who, paths in pages.items():
        page = browse(new_context, live_server, cast, who, WIDTHS[width])
        for number, (path, words) in enumerate(paths):
            page.goto(f"{live_server.url}{path}")
            expect(page.get_by_text(words).first).to_be_visible()
            if words == ADULTS:
                page.locator("summary", has_text=words).click()
            axe(page)
            looked_at(page, f"particulars-{who}-{number}", WIDTHS[width])
            fits(page)
