"""Agency checks as the agency that holds the information meets them."""

import re
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from decisions.scrutiny import actions as scrutinising
from requests_app.agency_checks import actions as agency_checks
from requests_app.triage import actions as triage
from tests import walks

pytestmark = pytest.mark.django_db

INBOX = "/checks/"


def at(name, agency_check):
    return reverse(f"requests:{name}", args=[agency_check.pk])


def text(response):
    return response.content.decode()


@pytest.fixture
def agency_check(cast):
    return walks.an_agency_check(cast)


@pytest.mark.clause("ISA-3.6", "P-TIMELY", part=True)
def test_the_inbox_shows_the_rating_and_the_time_left(agency_check, signed_in):
    page = text(signed_in("trust_spoc").get(INBOX))
    assert agency_check.reference in page
    assert "Anytown Front Door" in page
    assert "Amber" in page
    assert "left)" in page
    assert "Waiting to be taken" in page
    assert "Z.E." in page
    assert "Zed" not in page


@pytest.mark.clause("ISA-3.6", part=True)
def test_urgent_checks_come_first(cast, signed_in):
    slow = walks.an_agency_check(cast)
    urgent = walks.an_agency_check(cast, case=walks.accepted(cast))
    triage.change_rating(urgent.case, by=cast.officer, rating="red", reason="New injury")
    page = text(signed_in("trust_spoc").get(INBOX))
    assert page.index(urgent.reference) < page.index(slow.reference)


def test_a_late_check_says_by_how_much(agency_check, signed_in):
    later = timezone.now() + timedelta(days=30)
    with patch("requests_app.agency_checks.selectors.timezone.now", return_value=later):
        assert "Late by" in text(signed_in("trust_spoc").get(INBOX))


def test_the_inbox_is_flat(cast, signed_in, flat):
    client = signed_in("trust_spoc")

    def add():
        walks.taken(cast)

    flat(lambda: client.get(INBOX), add=add, more=3)


def test_an_empty_inbox_says_so_and_others_have_none(cast, signed_in):
    assert "No agency check is waiting" in text(signed_in("trust_spoc").get(INBOX))
    assert signed_in("trust_nurse").get(INBOX).status_code == 404


@pytest.mark.clause("P-NECESSARY", part=True)
def test_the_check_shows_only_the_details_chosen_for_it(agency_check, signed_in):
    page = text(signed_in("trust_spoc").get(at("check", agency_check)))
    page = re.sub(r"<[^>]*>", " ", page)  # ids and tokens may hold any digits
    for words in ("Zed Example", "27 March 2015", "Seen at hospital?", "Unexplained bruise"):
        assert words in page
    number = ("9990000018", "999 000 0018")
    for words in ("Invented Street", *number, "Rex", "A bruise nobody explains", "Oak School"):
        assert words not in page
    assert "Identify a child" in page  # a purpose of the agreement
    assert "OFFICIAL-SENSITIVE" in page


@pytest.mark.clause("P-NECESSARY", "ISA-7.2", part=True)
def test_an_agency_never_learns_who_else_was_asked(cast, signed_in):
    case = walks.accepted(cast)
    ours, theirs = (
        walks.an_agency_check(cast, case=case),
        walks.an_agency_check(cast, "housing", case),
    )
    page = text(signed_in("trust_spoc").get(at("check", ours)))
    assert "Anytown Homes" not in page
    assert theirs.reference not in page


@pytest.mark.clause("ISA-7.2", part=True)
@pytest.mark.parametrize(
    "who", ["housing_spoc", "trust_nurse", "trust_adviser", "requester", "board_partner"]
)
@pytest.mark.parametrize("name", ["check", "hand_check", "not_known", "add_item"])
def test_nobody_else_reaches_a_check(agency_check, signed_in, who, name):
    assert signed_in(who).get(at(name, agency_check)).status_code == 404


def test_reading_changes_nothing(agency_check, signed_in):
    client = signed_in("trust_spoc")
    assert client.get(at("take_check", agency_check)).status_code == 405
    for name in ("check", "hand_check", "not_known", "add_item"):
        client.get(at(name, agency_check))
    agency_check.refresh_from_db()
    assert agency_check.status == "sent"


def test_taking_twice_is_taking_once_and_a_colleague_is_told(cast, agency_check, signed_in):
    client = signed_in("trust_spoc")
    assert client.post(at("take_check", agency_check)).status_code == 302
    assert client.post(at("take_check", agency_check)).status_code == 302
    assert "With you" in text(client.get(INBOX))
    late = signed_in("trust_manager").post(at("take_check", agency_check))
    assert late.status_code == 409
    assert "agency check taken" in text(late)
    assert "With a colleague" in text(signed_in("trust_manager").get(INBOX))


def test_a_colleague_without_the_role_gets_a_way_in_by_being_handed_it(
    cast, agency_check, signed_in
):
    client, nurse = signed_in("trust_spoc"), signed_in("trust_nurse")
    assert "Agency checks" not in text(nurse.get("/"))
    form = text(client.get(at("hand_check", agency_check)))
    assert "Nora Nurse" in form
    assert "Ada Adviser" not in form
    answer = client.post(
        at("hand_check", agency_check),
        {"colleague": str(cast.users["trust_nurse"].pk)},
        follow=True,
    )
    assert "is now with Nora Nurse" in text(answer)
    assert 'href="/checks/"' in text(nurse.get("/"))
    assert agency_check.reference in text(nurse.get(INBOX))
    assert nurse.get(at("check", agency_check)).status_code == 200
    added = nurse.post(at("add_item", agency_check), {"title": "A", "answers": "beyond"})
    assert added.status_code == 422


def test_handing_it_to_nobody_or_to_a_stranger_is_refused(cast, agency_check, signed_in):
    client = signed_in("trust_spoc")
    for pk in ("", str(cast.users["housing_spoc"].pk), str(uuid4()), "x\x00"):
        assert client.post(at("hand_check", agency_check), {"colleague": pk}).status_code == 422


@pytest.mark.clause("P-RECORD", part=True)
def test_not_known_takes_one_page_and_one_click(agency_check, signed_in):
    client = signed_in("trust_spoc")
    assert at("not_known", agency_check) in text(client.get(at("check", agency_check)))
    assert "What did you search?" in text(client.get(at("not_known", agency_check)))
    searched = {"searched": "Patient records by name"}
    answer = client.post(at("not_known", agency_check), searched, follow=True)
    assert "Not known to this agency" in text(answer)
    assert "Patient records by name" in text(answer)
    agency_check.refresh_from_db()
    assert (agency_check.status, agency_check.outcome) == ("answered", "not_known")
    assert client.post(at("not_known", agency_check), searched).status_code == 302
    late = signed_in("trust_manager").post(
        at("not_known", agency_check), {"searched": "The archive as well"}
    )
    assert late.status_code == 409
    assert "The archive as well" in text(late)
    assert client.get(at("not_known", agency_check)).status_code == 302
    assert client.get(at("hand_check", agency_check)).status_code == 302


@pytest.mark.parametrize("typed", ["", "   ", "x" * 1_000_000, "a\x00b"])
def test_what_was_searched_must_be_text(agency_check, signed_in, typed):
    answer = signed_in("trust_spoc").post(at("not_known", agency_check), {"searched": typed})
    assert answer.status_code == 422
    assert 'href="#id_searched"' in text(answer)


def test_half_a_character_is_no_fault(agency_check, signed_in):
    half = "Records \ud800".encode("utf-8", "surrogatepass")
    answer = signed_in("trust_spoc").post(at("not_known", agency_check), {"searched": half})
    assert answer.status_code in (302, 422)


def test_direction_marks_are_taken_out(agency_check, signed_in):
    signed_in("trust_spoc").post(at("not_known", agency_check), {"searched": "Rec\u202eords"})
    agency_check.refresh_from_db()
    assert agency_check.searched == "Records"


def test_what_is_listed_as_held_cannot_be_not_known(cast, signed_in):
    agency_check = walks.taken(cast)
    walks.listed(agency_check, cast.trust_spoc, "Attendance in October")
    client = signed_in("trust_spoc")
    assert at("not_known", agency_check) not in text(client.get(at("check", agency_check)))
    answer = client.post(at("not_known", agency_check), {"searched": "Patient records"})
    assert answer.status_code == 409
    assert "Something is listed as held" in text(answer)


@pytest.mark.clause("ISA-5.4", part=True)
def test_a_check_that_is_sent_back_says_so_with_the_reasons(cast, signed_in):
    decision = walks.refused(cast)
    scrutinising.ask_to_reconsider(
        decision.scrutiny, by=cast.police_partner, reasons="Arrears matter"
    )
    client = signed_in("housing_spoc")
    assert "Sent back to reconsider" in text(client.get(INBOX))
    page = text(client.get(at("check", decision.agency_check)))
    assert "Arrears matter" in page
    assert reverse("decisions:of_check", args=[decision.agency_check.pk]) in page


def test_an_answered_check_stays_readable(cast, signed_in):
    decision = walks.refused(cast)
    client = signed_in("housing_spoc")
    assert "Answered in the last 30 days" in text(client.get(INBOX))
    page = text(client.get(at("check", decision.agency_check)))
    assert "Not shared" in page
    assert "Rent account" in page
    assert at("add_item", decision.agency_check) not in page


def test_handing_on_twice_keeps_the_last(cast, agency_check):
    for name in ("trust_nurse", "trust_manager"):
        agency_checks.hand_agency_check(
            agency_check, by=cast.trust_spoc, colleague=cast.users[name]
        )
    assert agency_check.taken_by == cast.users["trust_manager"]
