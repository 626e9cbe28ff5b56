"""Each role lands on what waits for it, with counts."""

import datetime as dt
import re
from uuid import uuid4

import pytest
import time_machine

from agencies.bootstrap.unattended import join
from agencies.models import User
from agencies.permissions import Role
from decisions.flow import actions as deciding
from decisions.scrutiny import actions as scrutinising
from requests_app.agency_checks import actions as agency_checks
from requests_app.models import AgencyCheck, Recipient
from requests_app.release import actions as releasing
from requests_app.triage import actions as triage
from tests import walks
from tests.cast import PASSWORD
from tests.house.rows import advice_asked

pytestmark = pytest.mark.django_db


def counts(client) -> dict[str, int]:
    """Card by card, what the start page says."""
    page = client.get("/")
    assert page.status_code == 200
    cards = re.findall(
        r'portal-card__name">\s*<a[^>]*>(.*?)</a>(.*?)</li>', page.content.decode(), re.S
    )
    found = {}
    for name, rest in cards:
        number = re.search(r"portal-card__count\">(\d+)", rest)
        found[name.strip()] = int(number[1]) if number else 0
    return found


def test_the_front_door_lands_on_triage(cast, signed_in):
    officer = signed_in("officer")
    assert counts(officer)["Requests to triage"] == 0
    assert "No request is waiting for triage." in officer.get("/").content.decode()
    walks.sent(cast)
    walks.sent(cast)
    walks.refused(cast)
    waiting = counts(officer)
    assert waiting["Requests to triage"] == 2
    assert waiting["Ready to release"] == 1


def test_a_single_point_of_contact_lands_on_checks_and_sees_what_is_late(cast, signed_in, moved):
    agency_check = walks.an_agency_check(cast)
    spoc = signed_in("trust_spoc")
    assert counts(spoc)["Agency checks"] == 1
    assert "1 late" not in spoc.get("/").content.decode()
    moved.move_to(agency_check.due_at + dt.timedelta(days=9), tick=False)
    again = signed_in("trust_spoc")
    assert "1 late" in again.get("/").content.decode()


@pytest.fixture
def moved():
    """A clock that can be moved on."""
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as traveller:
        yield traveller


def test_a_clock_that_stands_still_is_not_late(cast, signed_in, moved):
    advice = advice_asked(cast)
    due = advice.decision.agency_check.due_at
    moved.move_to(due + dt.timedelta(days=9), tick=False)
    page = signed_in("trust_spoc").get("/").content.decode()
    assert " late" not in page
    assert counts(signed_in("trust_adviser"))["Questions waiting for your advice"] == 1


def test_a_colleague_to_whom_a_check_was_handed_finds_it(cast, signed_in):
    nurse = signed_in("trust_nurse")
    assert "Agency checks" not in counts(nurse)
    agency_check = walks.an_agency_check(cast)
    agency_checks.hand_agency_check(
        agency_check, by=cast.trust_spoc, colleague=cast.users["trust_nurse"]
    )
    assert counts(nurse)["Agency checks"] == 1


def test_a_decision_to_reconsider_waits_for_the_agency(cast, signed_in):
    name = "Decisions that the safeguarding partners ask you to reconsider"
    old = walks.refused(cast)
    spoc = signed_in("housing_spoc")
    assert name not in counts(spoc)
    scrutinising.ask_to_reconsider(old.scrutiny, by=cast.police_partner, reasons="Think again")
    assert counts(spoc)[name] == 1
    deciding.begin_anew(old, by=cast.housing_spoc, idempotency_key=uuid4())
    assert name not in counts(spoc)


def test_a_requester_lands_on_what_came_back(cast, signed_in):
    walks.released(cast)
    back = walks.sent(cast)
    triage.return_request(
        back, by=cast.officer, idempotency_key=uuid4(), questions=["Which day was it?"]
    )
    walks.a_draft(cast)
    requester = signed_in("requester")
    waiting = counts(requester)
    assert waiting["Returned with questions"] == 1
    assert waiting["Information released to you, not yet acknowledged"] == 1
    assert waiting["Drafts not yet sent"] == 1
    assert not any(counts(signed_in("classmate")).values())
    releasing.acknowledge(Recipient.objects.get(), by=cast.requester)
    assert counts(requester)["Information released to you, not yet acknowledged"] == 0


@pytest.mark.clause("ISA-5.4", part=True)
def test_partners_land_on_scrutiny_but_not_of_their_own(cast, signed_in):
    walks.refused(cast, "police")
    assert counts(signed_in("police_partner")) == {"Decisions waiting for scrutiny": 0}
    assert counts(signed_in("board_partner")) == {"Decisions waiting for scrutiny": 1}


def test_an_administrator_is_told_that_no_case_is_theirs_to_read(cast, signed_in):
    walks.released(cast)
    answer = signed_in("administrator").get("/")
    assert "You never read a case" in answer.content.decode()
    # What waits for them is the register's and the agreement's.
    apps = {card.to.partition(":")[0] for card in answer.context["cards"]}
    assert apps <= {"agencies", "agreement"}


def test_somebody_without_an_agency_is_told_so(cast, client):
    lonely = User.objects.create_user("lonely@nowhere.example", PASSWORD)
    client.force_login(lonely)
    answer = client.get("/")
    assert answer.status_code == 403
    assert "You have no agency yet" in answer.content.decode()


def test_nobody_signed_in_is_asked_to_sign_in(client):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_it_counts_for_the_agency_acted_for_only(cast, signed_in):
    join(cast.users["trust_spoc"], Role.SPOC, cast.agencies["housing"])
    walks.an_agency_check(cast, "housing")
    client = signed_in("trust_spoc")
    agency = {name: str(cast.agencies[name].pk) for name in ("trust", "housing")}
    client.post("/acting/", {"agency": agency["trust"]})
    assert counts(client)["Agency checks"] == 0
    client.post("/acting/", {"agency": agency["housing"]})
    assert counts(client)["Agency checks"] == 1


@pytest.mark.parametrize("name", ["officer", "trust_spoc", "requester", "police_partner"])
def test_it_costs_the_same_for_eleven(cast, signed_in, flat, name):
    client = signed_in(name)

    def add():
        case = walks.released(cast)
        walks.an_agency_check(cast, case=case)

    flat(lambda: client.get("/"), add=add, more=2)
    assert AgencyCheck.objects.count() > 5


@pytest.mark.clause("ISA-10", part=True)
def test_the_accessibility_statement_is_open_to_all(client, db):
    answer = client.get("/accessibility/")
    assert answer.status_code == 200
    assert "Web Content Accessibility Guidelines" in answer.content.decode()
