"""From the invitation to the first case opened, in browsers of three people; the access review."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from agencies.guidance import actions
from agencies.models import Invitation, Membership, User
from outbox.tasks import writer_of
from tests.agencies import people_walks as walks
from tests.cast import PASSWORD, PEOPLE
from tests.story.desk import Desk, Person, Stage
from workflow.bootstrap import save_unattended

pytestmark = pytest.mark.browser

NEW = Person("Nell Newcomer", walks.NEW, walks.PASSWORD, "Anytown Health Trust")


@pytest.fixture
def stage(live_server, cast, new_context, axe) -> Stage:
    """The cast, the trust with a domain, and somebody whom nobody knows yet."""
    walks.with_domain(cast.agencies["trust"], "trust.example")
    current = walks.in_force(cast)
    for who in ("trust_manager", "administrator"):
        actions.acknowledge(current, by=getattr(cast, who))
    people = {
        code: Person(
            f"{given} {family}", cast.users[code].email, PASSWORD, cast.agencies[agency].name
        )
        for code, (given, family, agency, _role) in PEOPLE.items()
    }
    people["newcomer"] = NEW
    # By a name for which browsers allow passkeys.
    url = live_server.url.replace("127.0.0.1", "localhost")
    return Stage(url, people, list, new_context, axe)


@pytest.mark.clause("ISA-7.1", "ISA-7.6", "ISA-4.3-SECURITY")
def test_from_the_invitation_to_the_first_case_opened(stage):
    manager = Desk(stage, "trust_manager").sign_in()
    invite(manager)
    newcomer = Desk(stage, "newcomer")
    accept(newcomer)
    record_a_check(manager)
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        come_in_with_a_passkey(newcomer)
        read_the_guidance(newcomer)
        newcomer.follow("My requests")
        newcomer.press("Start a request")
        newcomer.reads("The child or young person")
    assert manager.said == []
    # The browser itself reports the answer to the link that was used already.
    assert all("410" in each for each in newcomer.said)


def invite(desk: Desk) -> None:
    desk.follow("People")
    desk.press("Invite somebody")
    desk.write("Work e-mail address", "nell@elsewhere.example")
    desk.tick("Requester")
    desk.press("Send the invitation")
    desk.reads("must end in @trust.example")
    desk.write("Work e-mail address", "Newcomer@Trust.Example")
    desk.press("Send the invitation")
    expect(desk.page.get_by_text(f"The invitation was sent to {walks.NEW}")).to_be_visible()
    desk.follow(walks.NEW)
    desk.reads("An invitation was sent", "Requester")


def accept(desk: Desk) -> None:
    notification = writer_of("invitation.sent")(str(Invitation.objects.get().pk))
    token = notification.text.partition("/invitations/")[2].partition("/")[0]
    desk.goto(reverse("agencies:invitation", args=[token]))
    desk.write("First name", "Nell")
    desk.write("Last name", "Newcomer")
    desk.write("Job title", "Health visitor")
    for label in ("Password", "Password again"):
        desk.page.get_by_label(label, exact=True).fill(NEW.pass_phrase)
    desk.press("Accept and create my account")
    expect(desk.page.get_by_text("Your account is ready")).to_be_visible()
    desk.page.goto(f"{desk.stage.url}{reverse('agencies:invitation', args=[token])}")
    desk.reads("This link cannot be used")


def record_a_check(desk: Desk) -> None:
    desk.page.reload()
    desk.press("Record a staff check")
    desk.choose("Which check was made?", "Enhanced disclosure and barring check")
    made, ends = timezone.localdate(), timezone.localdate() + timedelta(days=700)
    desk.write_date("When was it made?", made.day, made.month, made.year)
    desk.write("Who made it?", "Human resources")
    desk.write_date("When does it expire?", ends.day, ends.month, ends.year)
    desk.press("Record the staff check")
    desk.reads("Active", "Began, because a check was recorded")


def come_in_with_a_passkey(desk: Desk) -> None:
    debugger = desk.page.context.new_cdp_session(desk.page)
    debugger.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page = desk.page
    page.goto(f"{desk.stage.url}/accounts/login/")
    page.get_by_label("E-mail address").fill(NEW.email)
    page.get_by_label("Password", exact=True).fill(NEW.pass_phrase)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/accounts/second-factor/")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill("Work laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/recovery-codes/")
    page.get_by_role("button", name="I have written them down").click()
    page.wait_for_url(f"{desk.stage.url}/")
    desk.look()
    desk.reads("You cannot open cases yet", "You have not acknowledged the guidance in force")


def read_the_guidance(desk: Desk) -> None:
    assert desk.status(f"{desk.stage.url}{reverse('requests:mine')}") == 403
    desk.follow("Read the guidance")
    desk.tick("I have read this guidance and will keep to it")
    desk.press("Acknowledge")
    desk.lacks("You cannot open cases yet")
    desk.follow("Your roles and checks")
    desk.reads("Requester", "Enhanced disclosure and barring check")


@pytest.mark.clause("ISA-5.1")
def test_access_is_reviewed_and_whoever_is_not_confirmed_opens_no_case(stage, cast):
    nurse = walks.member(cast)
    nurse.confirmed_until = timezone.localdate() + timedelta(days=3)
    save_unattended(nurse)
    manager = Desk(stage, "trust_manager").sign_in()
    manager.reads("People whose access needs confirming")
    manager.follow("People")
    manager.press("Review access")
    manager.reads("Nora Nurse", "Due", "This is you")
    manager.choose("Nora Nurse", "Still needs access")
    manager.choose("Ada Adviser", "Access ends now")
    manager.press("Save the review")
    expect(manager.page.get_by_text("2 people were reviewed.")).to_be_visible()
    manager.reads("Access not confirmed")
    manager.follow("Nora Nurse")
    for link, heading in (
        ("Change the roles", "Change the roles"),
        ("Suspend the access", "Suspend the access"),
        ("End the membership", "End the membership"),
    ):
        manager.follow(link)
        manager.reads(heading)
        manager.follow("Back")
    manager.follow("Suspend the access")
    manager.choose("Why is the access suspended?", "Away for a longer time")
    manager.press("Suspend")
    manager.follow("Lift the suspension")
    manager.tick("I want to let this person work for the agency again")
    manager.press("Lift the suspension")
    assert Membership.objects.get(pk=nurse.pk).status == Membership.Status.ACTIVE
    assert User.objects.get(pk=nurse.user_id).is_active
    assert manager.said == []


@pytest.mark.clause("ISA-7.6")
def test_the_office_drafts_guidance_and_brings_it_into_force(stage, cast):
    office = Desk(stage, "administrator").sign_in()
    office.follow("People by agency")
    office.follow("Anytown Health Trust")
    office.goto(reverse("agencies:guidance_versions"))
    office.press("Draft a new version")
    office.write("Title", "Confidentiality and consent, second version")
    office.write("Text", "# Confidential\n\nEverything you read here.")
    office.press("Save the draft")
    office.tick("Everybody has to read and acknowledge this text before they open a case again")
    office.press("Bring into force")
    office.reads("Confidentiality and consent, second version", "In force", "Replaced")
    office.goto(reverse("agencies:guidance"))
    office.reads("Everything you read here.")
    assert office.said == []
