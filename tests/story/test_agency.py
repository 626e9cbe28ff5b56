"""An agency joins: from its entry on the register to its first request, in browsers of three."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from agencies.models import Agency, Invitation
from outbox.tasks import writer_of
from tests.agencies import people_walks as walks
from tests.agreement import walks as editions
from tests.cast import PASSWORD
from tests.register import a_contact
from tests.story.desk import Desk, Person, Stage

pytestmark = pytest.mark.browser

ELM = "Anytown Elm School"
PHRASE = walks.PASSWORD
MIRA = Person("Mira Headteacher", "mira@elm-school.example", PHRASE, ELM)
REED = Person("Reed Classteacher", "reed@elm-school.example", PHRASE, ELM)


@pytest.fixture
def stage(live_server, cast, new_context, axe) -> Stage:
    """The cast with an agreement and guidance in force, and two people nobody knows yet."""
    editions.edition_one(cast)
    walks.in_force(cast)
    office = Person(
        "Adam Administrator",
        cast.users["administrator"].email,
        PASSWORD,
        cast.agencies["office"].name,
    )
    second = Person(
        "Sela Second",
        walks.a_second_administrator(cast).user.email,
        PHRASE,
        cast.agencies["office"].name,
    )
    people = {"office": office, "second": second, "mira": MIRA, "reed": REED}
    return Stage(live_server.url, people, list, new_context, axe)


@pytest.mark.clause("ISA-2.1", "ISA-4.3-SPOC", "ISA-4.3-SECURITY", "ISA-7.4")
@pytest.mark.clause("ISA-4.3-PRIVACY", part=True)
def test_an_agency_joins_and_sends_its_first_request(stage):
    office = Desk(stage, "office").sign_in()
    put_on_the_register(office)
    invite(office, MIRA, "Responsible manager")
    accept(Desk(stage, "mira"), MIRA)
    record_a_check(office, MIRA)
    second = Desk(stage, "second").sign_in()
    confirm_the_role(second, "Responsible manager")
    mira = Desk(stage, "mira").sign_in()
    read_the_guidance(mira)
    sign(mira)
    invite(mira, REED, "Requester")
    accept(Desk(stage, "reed"), REED)
    record_a_check(mira, REED)
    reed = Desk(stage, "reed").sign_in()
    read_the_guidance(reed)
    reed.follow("My requests")
    reed.press("Start a request")
    reed.reads("The child or young person")
    assert office.said == second.said == mira.said == reed.said == []


def put_on_the_register(desk: Desk) -> None:
    desk.goto(reverse("agencies:agency_add"))
    page = desk.page
    page.get_by_label("Kind of agency").select_option("school")
    typed = {
        "name": ELM,
        "controller": "Elm Trust",
        "phone": "0151 496 0000",
        "domains": "elm-school.example",
        "privacy_notice": "https://elm-school.example/privacy",
        "opens": "8.30am",
        "closes": "4pm",
    }
    for post, given in (("spoc", "Sally"), ("manager", "Mira")):
        typed |= {f"{post}_{name}": said for name, said in a_contact(given).items()}
    for name, said in typed.items():
        page.locator(f"[name={name}]").fill(said)
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        desk.tick(day)
    desk.press("Add the agency")
    desk.reads(f"{ELM} is on the register.", "has not signed the agreement")


def invite(desk: Desk, person: Person, role: str) -> None:
    agency = Agency.objects.get(name=ELM)
    desk.goto(reverse("agencies:people_of", args=[agency.pk]))
    desk.press("Invite somebody")
    desk.write("Work e-mail address", person.email)
    desk.tick(role)
    desk.press("Send the invitation")
    expect(desk.page.get_by_text(f"The invitation was sent to {person.email}")).to_be_visible()


def confirm_the_role(desk: Desk, role: str) -> None:
    desk.follow("Roles and domains to confirm as the second person")
    desk.reads(role, MIRA.email, "Proposed by Adam Administrator")
    desk.choose(f"{role}: {MIRA.name}, {MIRA.email}", "Confirm")
    desk.press("Save")
    desk.reads("1 change was decided.", "Nothing is waiting for a second person.")


def accept(desk: Desk, person: Person) -> None:
    invitation = Invitation.objects.get(email=person.email)
    notification = writer_of("invitation.sent")(str(invitation.pk))
    token = notification.text.partition("/invitations/")[2].partition("/")[0]
    desk.goto(reverse("agencies:invitation", args=[token]))
    given, _space, family = person.name.partition(" ")
    desk.write("First name", given)
    desk.write("Last name", family)
    desk.write("Job title", "Teacher")
    for label in ("Password", "Password again"):
        desk.page.get_by_label(label, exact=True).fill(PHRASE)
    desk.press("Accept and create my account")
    expect(desk.page.get_by_text("Your account is ready")).to_be_visible()


def record_a_check(desk: Desk, person: Person) -> None:
    agency = Agency.objects.get(name=ELM)
    desk.goto(reverse("agencies:people_of", args=[agency.pk]))
    desk.follow(person.name)
    desk.press("Record a staff check")
    desk.choose("Which check was made?", "Enhanced disclosure and barring check")
    made, ends = timezone.localdate(), timezone.localdate() + timedelta(days=700)
    desk.write_date("When was it made?", made.day, made.month, made.year)
    desk.write("Who made it?", "Human resources")
    desk.write_date("When does it expire?", ends.day, ends.month, ends.year)
    desk.press("Record the staff check")
    desk.reads("Active")


def read_the_guidance(desk: Desk) -> None:
    desk.follow("Read the guidance")
    desk.tick("I have read this guidance and will keep to it")
    desk.press("Acknowledge")


def sign(desk: Desk) -> None:
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
    desk.reads("and takes part", "Signed by your agency")
