"""What agencies answered: read, accepted or refused piece by piece (ISA-3.7)."""

from uuid import uuid4

import pytest
from django.urls import reverse

from audit.models import AccessEntry
from decisions.flow import actions as deciding
from decisions.recording import actions as recording
from outbox.models import Message
from requests_app.agency_checks import actions as agency_checks
from requests_app.items import actions as items
from requests_app.models import Item, Receipt
from tests import walks

pytestmark = pytest.mark.django_db
CONTENT = "Attended on 3 October with a bruise"


def text(response):
    return response.content.decode()


@pytest.fixture
def item(cast):
    walks.shared(cast)
    return Item.objects.get(status="offered")


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


def check(agency_check):
    return reverse("requests:check_for_desk", args=[getattr(agency_check, "pk", agency_check)])


def at(name, item, agency_check=None):
    return reverse(f"requests:{name}", args=[agency_check or item.agency_check_id, item.pk])


def test_nobody_else_finds_it(item, signed_in):
    for name in ("requester", "trust_spoc", "housing_spoc", "police_partner"):
        client = signed_in(name)
        assert client.get(check(item.agency_check_id)).status_code == 404
        assert client.get(at("refuse_item", item)).status_code == 404
        assert client.post(at("refuse_item", item), {"reason": "No"}).status_code == 404
        assert client.post(at("accept_item", item)).status_code == 404
    assert not Receipt.objects.exists()


def test_an_item_of_another_check_is_not_there(cast, item, officer):
    other = walks.an_agency_check(cast, "housing")
    assert officer.get(at("refuse_item", item, other.pk)).status_code == 404
    assert officer.post(at("accept_item", item, other.pk)).status_code == 404


@pytest.mark.clause("ISA-6.1", "P-ACCURATE", part=True)
def test_each_piece_says_what_it_is_and_who_it_is_from(item, officer):
    page = text(officer.get(check(item.agency_check_id)))
    for said in (
        CONTENT,
        "Attendance in October",
        "Fact",
        "Emergency department record",
        "3 October 2026",
        "Tess Trustspoc",
        "Anytown Health Trust",
        "To review",
    ):
        assert said in page, said


@pytest.mark.clause("ISA-7.2", part=True)
def test_the_reading_of_each_piece_is_noted(item, cast, officer):
    officer.get(check(item.agency_check_id))
    entries = AccessEntry.objects.filter(thing_id=str(item.pk), kind="opened")
    assert entries.get().person == str(cast.users["officer"].pk)


@pytest.mark.clause("ISA-3.7", part=True)
def test_a_piece_is_accepted_once(item, officer):
    for _ in range(2):
        done = officer.post(at("accept_item", item), follow=True)
        assert done.status_code == 200
    assert "Accepted" in text(done)
    assert "Olive Officer" in text(done)
    assert Receipt.objects.get().status == "accepted"


@pytest.mark.clause("ISA-3.7", part=True)
def test_what_is_refused_goes_from_view_and_its_record_stays(item, officer, signed_in):
    assert officer.post(at("refuse_item", item), {}).status_code == 422
    done = officer.post(at("refuse_item", item), {"reason": "It is about another child"})
    assert done.status_code == 302
    for name in ("officer", "officer2"):
        page = text(signed_in(name).get(check(item.agency_check_id)))
        assert CONTENT not in page
        assert "Attendance in October" not in page
        assert "It is about another child" in page
        assert "Olive Officer" in page
    assert officer.get(at("refuse_item", item)).status_code == 404
    assert Message.objects.filter(topic="receipt.refused").exists()


@pytest.mark.clause("ISA-3.7", part=True)
def test_the_second_verdict_meets_the_first_in_words(item, officer, signed_in):
    other = signed_in("officer2")
    officer.post(at("refuse_item", item), {"reason": "It is about another child"})
    late = other.post(at("refuse_item", item), {"reason": "Gathered without any purpose"})
    assert late.status_code == 409
    assert "information refused" in text(late)
    assert "Gathered without any purpose" in text(late)
    assert CONTENT not in text(late)
    assert other.post(at("accept_item", item)).status_code == 409
    assert other.post(at("refuse_item", item), {}).status_code == 422
    assert "Attendance in October" not in text(other.post(at("refuse_item", item), {}))
    assert Receipt.objects.get().reason == "It is about another child"


def test_what_was_accepted_cannot_be_refused(item, officer, signed_in):
    officer.post(at("accept_item", item))
    other = signed_in("officer2")
    assert other.get(at("refuse_item", item)).url == check(item.agency_check_id)
    late = other.post(at("refuse_item", item), {"reason": "It is about another child"})
    assert late.status_code == 409


@pytest.mark.clause("ISA-5.4", part=True)
def test_what_was_not_shared_is_told_with_its_reasons_and_without_its_title(cast, officer):
    decision = walks.refused(cast)
    page = text(officer.get(check(decision.agency_check)))
    assert "Not shared" in page
    assert "Rent says nothing about harm" in page
    assert "No risk seen" in page
    assert "Rent account" not in page


def test_not_known_says_what_was_searched(cast, officer):
    agency_check = walks.an_agency_check(cast)
    agency_checks.answer_not_known(
        agency_check, by=cast.trust_spoc, searched="Patient index by name"
    )
    page = text(officer.get(check(agency_check)))
    assert "Not known to this agency" in page
    assert "Patient index by name" in page


def test_an_open_check_shows_its_clock_and_nothing_that_is_only_listed(cast, officer):
    agency_check = walks.taken(cast)
    walks.listed(agency_check, cast.trust_spoc, "Something held")
    page = text(officer.get(check(agency_check)))
    assert "Being answered" in page
    assert "left)" in page
    assert "Something held" not in page
    for asked in ("Seen at hospital?", "Zed Example", "27 March 2015"):
        assert asked in page
    assert "Invented Street" not in page


def test_the_check_page_is_flat(cast, officer, flat):
    case, by = walks.accepted(cast), cast.trust_spoc
    latest = {"pieces": 0}

    def add():
        agency_check = walks.taken(cast, case=case)
        latest["pieces"] += 1
        latest["check"] = agency_check
        first, *others = walks.listed(agency_check, by, *["A piece"] * latest["pieces"])
        decision = deciding.begin_decision(agency_check, by=by, idempotency_key=uuid4())
        walks.fill(decision, first, by=by)
        for item in others:
            said = {"nature": "fact", "content": CONTENT, "source": "Record", "as_at": walks.TODAY}
            items.fill_item(item, by=by, **said)
        recording.record_decision(decision, by=by)

    flat(lambda: officer.get(check(latest["check"])), add=add, more=3)
    assert text(officer.get(check(latest["check"]))).count("To review") == 4
