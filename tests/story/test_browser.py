"""The whole story in a real browser: on the services of production, and on the embedded default."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from playwright.sync_api import expect

from demo.people import AGENCIES, PASS_PHRASE
from demo.people import PEOPLE as DEMONSTRATED
from tests.cast import PASSWORD, PEOPLE
from tests.portal.embedded import Portal, copied
from tests.story import asking, steps, tale
from tests.story.desk import Desk, Person, Stage

pytestmark = pytest.mark.browser
# What a person sees shown in the story, wherever it is told: the whole of a clause, or a part.
SHOWN = pytest.mark.clause(
    *("DP-SPECIAL", "F-FLOW", "H-HOW", "CAL", "M-MYTHS", "ISA-3.1", "ISA-4.4", "ISA-6.2")
)
SHOWN_IN_PART = pytest.mark.clause(
    *("P-NECESSARY", "P-RELEVANT", "P-SECURE", "C-CONSENT", "G-RULES", "ISA-3.5", "ISA-3.7"),
    *("ISA-3.8", "ISA-4.3-PURPOSE", "ISA-5.4", "ISA-6.1", "ISA-7.2"),
    part=True,
)


@pytest.fixture
def stage(live_server, cast, smtp, new_context, axe) -> Stage:
    """The cast of the tests, on PostgreSQL and Redis, with e-mails over SMTP."""
    people = {
        code: Person(
            f"{given} {family}", cast.users[code].email, PASSWORD, cast.agencies[agency].name
        )
        for code, (given, family, agency, _role) in PEOPLE.items()
    }
    return Stage(live_server.url, people, lambda: smtp.messages, new_context, axe)


@pytest.fixture
def embedded(prepared, tmp_path, new_context) -> Iterator[Stage]:
    """The demonstration's people, on a portal with files of its own and nothing else."""
    portal = Portal(copied(prepared, tmp_path / "var"))
    people = {
        person.code: Person(
            f"{person.given} {person.family}", person.email, PASS_PHRASE, AGENCIES[kind]
        )
        for person in DEMONSTRATED
        for _role, kind in person.roles[:1]
    }

    def emails() -> list[Any]:
        files = (portal.var / "mail").glob("*.eml")
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]

    try:
        portal.wait_for("Ctrl-C stops it.")
        yield Stage(portal.url, people, emails, new_context, axe=None)
    finally:
        portal.stop()


@SHOWN
@SHOWN_IN_PART
@pytest.mark.worker
@pytest.mark.clause("ISA-10", part=True)
def test_five_people_tell_the_whole_story(stage, worker):
    steps.tell(stage)


@SHOWN
@SHOWN_IN_PART
@pytest.mark.embedded
def test_the_same_story_on_the_embedded_default(embedded):
    steps.tell(embedded)
    desk = Desk(embedded, "requester")
    desk.goto("/sent-mail/")
    desk.reads("Information has been released to you", embedded.people["requester"].email)
    desk.lacks(*tale.SECRETS)


@pytest.mark.clause("ISA-10", part=True)
def test_a_form_is_filled_in_by_keyboard_alone(stage):
    stage.axe = None  # looking at a page moves the focus
    desk = Desk(stage, "requester").sign_in()
    asking.begin(desk)
    desk.follow("What it is for")
    page, keys = desk.page, desk.page.keyboard
    focus = page.locator("*:focus")
    keys.press("Tab")
    expect(focus).to_have_text("Skip to main content")
    keys.press("Enter")
    expect(focus).to_have_id("main-content")
    with page.expect_navigation():
        _tab_to(desk, "Save and continue")
        keys.press("Enter")
    expect(focus).to_have_class("govuk-error-summary")
    keys.press("Tab")
    expect(focus).to_have_text("Select at least one purpose")
    keys.press("Enter")
    expect(focus).to_have_id("id_purposes_0")
    keys.press("Tab")
    keys.press("Space")
    expect(page.get_by_role("checkbox", name=tale.PURPOSE)).to_be_checked()
    _tab_to(desk, "Why are you asking?")
    keys.type(tale.REASON)
    with page.expect_navigation():
        _tab_to(desk, "Save and continue")
        keys.press("Enter")
    task = page.get_by_role("listitem").filter(has_text="What it is for")
    expect(task).to_contain_text("Completed")
    assert desk.said == []


def _tab_to(desk: Desk, name: str) -> None:
    """Press Tab until the control of this name has the focus."""
    names = "e => (e.labels?.[0]?.innerText ?? e.innerText ?? '').trim()"
    for _ in range(40):
        desk.page.keyboard.press("Tab")
        if desk.page.locator("*:focus").evaluate(names) == name:
            return
    raise AssertionError(f"Tab never comes to {name}")


def test_a_request_is_written_and_sent_without_scripts(stage):
    stage.axe = None  # it is itself a script
    desk = Desk(stage, "requester", java_script_enabled=False).sign_in()
    reference = asking.ask(desk)
    desk.follow("My requests")
    desk.reads(reference, "Z.Z.")
    assert desk.said == []
