"""The demonstration: invented people, a request in every state, and the page of sent mail."""

from io import StringIO

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth import authenticate
from django.core.mail import EmailMessage, get_connection
from django.core.management import CommandError, call_command
from django.urls import NoReverseMatch, reverse
from stdnum.gb import nhs

from agencies.acting import actor_for, agencies_of
from agencies.kinds import AgencyKind
from agencies.models import Agency, Contact, User
from agencies.permissions import Role
from audit.models import Event
from decisions.models import Decision, Scrutiny
from demo.children import invented_nhs_number
from demo.people import PASS_PHRASE, PEOPLE
from requests_app.break_glass.selectors import openings_to_review
from requests_app.matching.selectors import matches_of
from requests_app.models import AgencyCheck, InformationRequest, Item, Recipient, Subject
from requests_app.triage.inbox import board

pytestmark = pytest.mark.django_db


def demonstration(settings) -> str:
    settings.DEMONSTRATION = True
    said = StringIO()
    call_command("demonstration", stdout=said)
    return said.getvalue()


def states(model, field="status") -> set[str]:
    return set(model.objects.values_list(field, flat=True))


@pytest.mark.clause("A-REGISTER")
def test_it_tells_the_whole_story_once(settings):
    """One test, because telling it takes a few seconds."""
    told = demonstration(settings)
    nobody_in_it_is_real()
    everybody_on_the_table_can_sign_in(told)
    there_is_a_request_in_every_state()
    the_desk_is_full()
    the_lead_at_the_front_door_sees_who_opened_a_case()
    before = (Event.objects.count(), User.objects.count(), InformationRequest.objects.count())
    assert demonstration(settings) == told
    after = (Event.objects.count(), User.objects.count(), InformationRequest.objects.count())
    assert after == before


def nobody_in_it_is_real():
    assert set(Agency.objects.values_list("kind", flat=True)) == set(AgencyKind.values)
    assert {role for person in PEOPLE for role, _kind in person.roles} == set(Role)
    for user in User.objects.all():
        assert user.email.endswith(".example")
    assert len(agencies_of(User.objects.get(email="dana@nhs-trusts.example"))) == 2
    numbers = [each.nhs_number for each in Subject.objects.all() if each.nhs_number]
    assert len(numbers) > 5
    for number in numbers:
        assert number.startswith("999")
        assert nhs.is_valid(number)


def everybody_on_the_table_can_sign_in(told):
    assert PASS_PHRASE in told
    for person in PEOPLE:
        assert person.email in told
        assert authenticate(None, email=person.email, password=PASS_PHRASE)


def there_is_a_request_in_every_state():
    everything = set(InformationRequest.Status) - {InformationRequest.Status.DISCARDED}
    assert states(InformationRequest) == everything
    assert states(AgencyCheck) == set(AgencyCheck.Status)
    assert states(AgencyCheck, "outcome") == {"", "not_known", "share", "part", "no_share"}
    assert states(Decision) == set(Decision.Status)
    assert states(Scrutiny) == set(Scrutiny.Status)
    assert states(Item) >= {Item.Status.HELD, Item.Status.OFFERED, Item.Status.WITHHELD}
    assert states(Recipient) == set(Recipient.Status)
    handed = AgencyCheck.objects.get(taken_by__email="nora@hospitals.example")
    assert handed.status == AgencyCheck.Status.TAKEN


def the_desk_is_full():
    """Forty requests, two officers, and children who may be known already or share a home."""
    olive = User.objects.get(email="olive@front-door.example")
    officer = actor_for(olive, agencies_of(olive)[0])
    assert InformationRequest.objects.count() >= 40
    rows = board(officer, {"group": "triage"}).rows
    assert len(rows) > 15
    assert {row.rating for row in rows} == {"red", "amber", "green"}
    assert any(row.may_be_known for row in rows)
    assert {"You", "Oscar Othen", ""} <= {row.owner for row in rows}
    youngest = next(
        each.case for each in Subject.objects.all() if each.family_name == "Standin-Other"
    )
    found = matches_of(youngest, officer)
    named = {each.theirs.given_name for each in found.possible}
    named |= {person.given_name for home in found.at_home for person in home.people}
    assert {"Stan", "Sue"} <= named


def the_lead_at_the_front_door_sees_who_opened_a_case():
    gwen = User.objects.get(email="gwen@front-door.example")
    actor = actor_for(gwen, agencies_of(gwen)[0])
    (opening,) = openings_to_review(actor).rows
    assert opening.person.email == "polly@police.example"
    assert opening.can_be_noted
    post = Contact.objects.get(agency__is_front_door=True, post=Contact.Post.IG_LEAD)
    assert post.email == gwen.email


def test_the_readme_names_everybody_who_can_sign_in():
    told = (portal_settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    assert [person.email for person in PEOPLE if f"`{person.email}`" not in told] == []


def test_a_serial_whose_check_would_need_two_digits_makes_no_number():
    with pytest.raises(ValueError, match="109"):
        invented_nhs_number(109)


def test_where_somebody_lives_already_it_adds_nobody(cast, settings):
    people = User.objects.count()
    assert "Somebody else lives here" in demonstration(settings)
    assert User.objects.count() == people


def test_it_is_refused_outside_the_embedded_default(settings):
    with pytest.raises(CommandError, match="embedded default only"):
        call_command("demonstration")
    assert not User.objects.exists()


def test_the_page_of_sent_mail_is_in_the_demonstration_only():
    with pytest.raises(NoReverseMatch):
        reverse("sent_mail")


@pytest.mark.urls("tests.portal.demo_urls")
def test_the_page_of_sent_mail_shows_the_newest_first(client, settings, tmp_path):
    settings.MAIL_DIR = tmp_path
    assert "No message has been sent yet" in client.get("/sent-mail/").content.decode()
    with get_connection("demo.mail.FileBackend") as connection:
        for subject in ("The first", "The second"):
            EmailMessage(
                subject, "Reference: R-1\n\n<b>", to=["rita@x.example"], connection=connection
            ).send()
    page = client.get("/sent-mail/").content.decode()
    assert page.index("The second") < page.index("The first")
    assert "rita@x.example" in page
    assert "&lt;b&gt;" in page
