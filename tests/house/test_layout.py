"""Every page of every role, at the widths of desk, tablet and phones: nothing overlaps or breaks.

Each page comes from the portal once for each role that reaches it, is laid out by the browser with
the portal's own files, and is resized in place.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route

from tests.cast import PEOPLE
from tests.house.urls import ACCOUNT, PUBLIC, TABLE, Row
from tests.house.world import ANONYMOUS, World, undone
from tests.look.measuring import WIDTHS, faults_of
from tests.patience import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

HOME = "http://portal.example"
PAGES = {name: row for name, row in TABLE.items() if row.get == 200 and row.who}
OPEN = {name: row for name, row in {**PUBLIC, **ACCOUNT}.items() if 200 in row.get}
# Answered with text for machines.
NO_PAGE = {"healthz", "readyz", "security", "session_left", "requests:file", "requests:desk_news"}
# Names as long as such agencies have.
LONG = {
    b"Anytown Health Trust": b"Anytown and Marshlands Community and Mental Health Trust",
    b"Anytown Oak School": b"Anytown Oak Comprehensive School and Sixth Form College",
    # A word that no column holds has to break rather than push the page aside.
    b"Anytown Homes": b"Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Homes",
    b"Held1": b"Held" * 20,
}


Show = Callable[[str, bytes], Page]


@pytest.fixture(scope="module")
def laid_out(browser: Browser) -> Iterator[Show]:
    """Show a page of the portal in one browser for all, with the files that belong to it."""
    bodies: dict[str, bytes] = {}
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London")
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1_000)

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if route.request.is_navigation_request():
            route.fulfill(body=bodies[path], content_type="text/html; charset=utf-8")
        elif found := path.startswith("/static/") and finders.find(path.removeprefix("/static/")):
            route.fulfill(path=found)
        else:
            route.fulfill(status=204)

    def show(path: str, body: bytes) -> Page:
        for name, longer in LONG.items():
            body = body.replace(name, longer)
        bodies[path] = body
        page.goto(f"{HOME}{path}")
        return page

    page.route("**/*", answer)
    yield show
    context.close()


def one_of_each_role(row: Row) -> list[str]:
    """Somebody of each role that reaches the page."""
    of_role = defaultdict(list)
    for who in sorted(row.who & set(PEOPLE)):
        of_role[PEOPLE[who][3]].append(who)
    return [people[0] for people in of_role.values()]


def body_of(world: World, who: str, name: str, where: str) -> tuple[str, bytes]:
    """What this person gets there, as the portal answers it."""
    path = reverse(name, args=world.args(where))
    with undone():
        answer = world.client(who).get(path)
        assert answer.status_code == 200, f"{name}: {who} gets {answer.status_code}"
        return path, answer.content


def without_tokens(body: bytes) -> bytes:
    """What the page says below its menu, which says the same each time it is made."""
    main = body[body.index(b"<main") : body.index(b"</main>")]
    return re.sub(
        rb'name="(csrfmiddlewaretoken|once|acting_for|filled_in_by)" value="[^"]*"', b"", main
    )


@pytest.mark.parametrize("name", [name for name in PAGES if name not in NO_PAGE])
@pytest.mark.clause("ISA-10", part=True)
def test_nothing_overlaps_or_breaks(world: World, laid_out: Show, name: str):
    wrong, read = [], set()
    for who in one_of_each_role(PAGES[name]):
        path, body = body_of(world, who, name, PAGES[name].where)
        # The menu of each role is looked at on its start page.
        if (main := without_tokens(body)) in read:
            continue
        read.add(main)
        wrong += [f"{who} at {fault}" for fault in faults_of(laid_out(path, body))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name in OPEN if name not in NO_PAGE])
@pytest.mark.clause("ISA-10", part=True)
def test_nothing_overlaps_or_breaks_before_or_after_signing_in(
    world: World, laid_out: Show, name: str
):
    row = OPEN[name]
    who = ANONYMOUS if row.get[0] == 200 else "officer"
    assert faults_of(laid_out(*body_of(world, who, name, row.where))) == []


# What is planted on a page, and what is then said of it.
PLANTED = {
    "a text over another": (
        '<p style="height: 25px">Above</p><p style="margin-top: -50px">Below</p>',
        r'"Below" overlaps "Above"',
    ),
    "a text over a field": (
        "<p>A label</p><input name='note' style='display: block; margin-top: -40px'>",
        r'"A label" overlaps "note"|"note" overlaps "A label"',
    ),
    "a cell too narrow for its reference": (
        '<table style="table-layout: fixed; width: 90px"><tr>'
        '<td style="white-space: nowrap">R-ABCD-EFGH</td><td>N.N.</td></tr></table>',
        r'"R-ABCD-EFGH" (is wider than its box|overlaps "N.N.")',
    ),
    "a word that breaks": (
        '<p style="width: 60px; overflow-wrap: anywhere">Requesting agency</p>',
        r'the word "Requesting" is broken',
    ),
    "a reference that wraps": (
        '<p style="width: 60px">R-ABCD-EFGH</p>',
        r'"R-ABCD-EFGH" is broken',
    ),
    "a status of a task that wraps": (
        '<div class="govuk-task-list__status" style="width: 60px">Not yet started</div>',
        r'"Not yet started" is broken',
    ),
    "a page that scrolls": ('<p style="width: 1400px">Wide</p>', "scrolls sideways"),
    "what is folded away": (
        "<details><summary>More</summary>"
        '<p style="width: 60px; overflow-wrap: anywhere">Requesting agency</p></details>',
        r'the word "Requesting" is broken',
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_is_found(laid_out: Show, what: str):
    planted, said = PLANTED[what]
    plain = "<!DOCTYPE html><html lang='en'><body style='font: 19px Arial'>{}</body></html>"
    assert faults_of(laid_out("/planted/", plain.format("<p>Plain text</p>").encode())) == []
    found = faults_of(laid_out("/planted/", plain.format(planted).encode()))
    for width in WIDTHS:
        at_width = [fault for fault in found if fault.startswith(f"{width}: ")]
        assert any(re.search(said, fault) for fault in at_width), found
