"""A new edition, from the draft to the first signature, in browsers of five people."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agencies.bootstrap.unattended import join
from agencies.models import User
from agencies.permissions import Role
from tests.agreement import walks as editions
from tests.cast import PASSWORD, PEOPLE
from tests.story.desk import Desk, Person, Stage

pytestmark = pytest.mark.browser

CHANGES = "The front door is reached by a new telephone number."


@pytest.fixture
def stage(live_server, cast, smtp, new_context, axe) -> Stage:
    """The cast, with edition 1 in force and somebody who speaks for the council."""
    editions.edition_one(cast)
    editions.with_all_that_is_needed(cast.agencies["trust"])
    cora = User.objects.create_user(
        "cora@council.example", PASSWORD, first_name="Cora", last_name="Council"
    )
    join(cora, Role.PARTNER, cast.agencies["council"])
    people = {
        code: Person(
            f"{given} {family}", cast.users[code].email, PASSWORD, cast.agencies[agency].name
        )
        for code, (given, family, agency, _role) in PEOPLE.items()
    }
    people["council_partner"] = Person("Cora Council", cora.email, PASSWORD, "Anytown Council")
    return Stage(live_server.url, people, lambda: smtp.messages, new_context, axe)


@pytest.mark.clause("ISA-5.3", "ISA-9.2", "ISA-2.1", "ISA-7.4")
@pytest.mark.clause("ISA-5.2", "ISA-10", part=True)
def test_a_new_edition_is_agreed_by_three_people_and_signed(stage):
    office = Desk(stage, "administrator").sign_in()
    draft_and_propose(office)
    for who in ("police_partner", "board_partner", "council_partner"):
        partner = Desk(stage, who).sign_in()
        agree(partner, is_last=who == "council_partner")
        assert partner.said == []
    office.goto("/agreement/")
    office.reads("Edition 2", "In force")
    sign(Desk(stage, "trust_manager").sign_in())
    see_who_signed(office)
    review(office)
    assert office.said == []


def draft_and_propose(desk: Desk) -> None:
    """The office drafts edition 2, compares it with edition 1, and proposes it."""
    desk.follow("The agreement")
    desk.follow("Draft a new edition")
    desk.write("What changes, and why?", CHANGES)
    text = desk.page.get_by_label("Text", exact=True)
    text.fill(text.input_value().replace("for nothing else", "for that alone"))
    desk.tick("Promote and embed learning", off=True)
    desk.choose("How long do agencies have to sign it?", "60 days")
    desk.press("Save draft")
    desk.reads("Draft of edition 2 saved", CHANGES)
    desk.follow("Compare with edition 1")
    expect(desk.page.locator("del").first).to_be_visible()
    desk.reads("What changes from edition 1 to edition 2", "Removed", "Changed")
    desk.follow("Back")
    desk.follow("Propose it to the statutory partners")
    desk.press("Propose")
    desk.reads("Tick the box to confirm")
    desk.tick("I have read it, and it can go to the statutory partners as it is")
    desk.press("Propose")
    desk.reads("The statutory partners have been asked to agree to edition 2")


def agree(desk: Desk, *, is_last: bool) -> None:
    """A partner finds it on the start page, reads it, and agrees."""
    desk.follow("Edition waiting for your agreement")
    desk.press("Agree, or say why not")
    desk.reads(CHANGES)
    desk.choose("Does your organisation agree to this edition?", "Yes, we agree")
    desk.press("Record our answer")
    desk.reads("Your organisation agrees to edition 2", "Agrees")
    state = "In force from" if is_last else "Proposed to the statutory partners"
    desk.reads(state)


def sign(desk: Desk) -> None:
    """A responsible manager signs for the trust."""
    desk.follow("The agreement")
    desk.press("Sign the agreement")
    today = timezone.localdate()
    desk.write_date(
        "When was the privacy impact assessment made?", today.day, today.month, today.year
    )
    desk.write("Who made it?", "Information governance lead")
    desk.write("Which controls came of it?", "Access by role.")
    desk.tick("I have read this edition, and sign it for my agency")
    desk.press("Sign")
    desk.reads("has signed edition 2 and takes part", "Signed by your agency")
    assert desk.said == []


def see_who_signed(desk: Desk) -> None:
    """The office sees who has signed, suspends an agency and lifts it."""
    desk.goto("/agreement/signatures/")
    desk.reads("Takes part, has to sign again", "Edition 2")
    desk.follow("Anytown Homes")
    desk.press("Suspend this agency")
    desk.write("Why is the agency suspended?", "Two laptops were lost.")
    desk.press("Suspend")
    desk.reads("is suspended and has been told", "Two laptops were lost.")
    desk.press("Lift the suspension")
    desk.write("Why is the suspension lifted?", "They were found.")
    desk.press("Lift the suspension")
    desk.reads("The suspension of Anytown Homes is lifted")


def review(desk: Desk) -> None:
    """The office records the yearly review."""
    desk.goto("/agreement/review/")
    today = timezone.localdate()
    desk.write_date("When was the review held?", today.day, today.month, today.year)
    desk.choose("What came of it?", "No change is needed")
    desk.write("What was considered?", "Read it together.")
    desk.press("Record the review")
    desk.reads("Review recorded", "Read it together.")
