"""Advice when somebody is unsure: the question, and nobody's identity (F-ADVICE)."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from decisions.advice import actions as advising
from decisions.flow import actions as deciding
from decisions.models import AdviceRequest
from requests_app.identities import named_in
from tests import walks

pytestmark = pytest.mark.django_db

LIST = "/advice/"
QUESTION = "May we share attendance without the carer knowing?"


def text(response):
    return response.content.decode()


@pytest.fixture
def client(signed_in):
    return signed_in("trust_spoc")


@pytest.fixture
def adviser(signed_in):
    return signed_in("trust_adviser")


@pytest.fixture
def decision(cast):
    agency_check = walks.taken(cast)
    walks.listed(agency_check, cast.trust_spoc, "Attendance in October")
    return deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())


@pytest.fixture
def seek(decision):
    return reverse("decisions:seek_advice", args=[decision.pk, "purpose"])


@pytest.fixture
def asked(cast, decision):
    advising.seek_advice(
        decision, by=cast.trust_spoc, idempotency_key=uuid4(), step="purpose", question=QUESTION
    )
    return AdviceRequest.objects.get()


def answer_page(asked):
    return reverse("decisions:advice", args=[asked.pk])


def page_of(decision):
    return reverse("decisions:decision", args=[decision.pk])


@pytest.mark.clause("F-ADVICE", "P-TIMELY", part=True)
def test_seeking_advice_pauses_the_decision_and_stops_the_clock(decision, client, seek):
    assert "Do not say who it is about" in text(client.get(seek))
    sent = {"question": QUESTION, "idempotency_key": str(uuid4())}
    page = text(client.post(seek, sent, follow=True))
    assert client.post(seek, sent).status_code == 302
    assert AdviceRequest.objects.count() == 1
    assert QUESTION in page
    assert "Clock stopped" in page
    assert "Waiting for advice" in page
    assert "Answer this question" not in page
    assert client.get(seek).status_code == 302
    step = reverse("decisions:step", args=[decision.pk, "purpose"])
    assert client.get(step).status_code == 302
    late = client.post(step, {"choice": "yes", "reasons": "Typed while it waited"})
    assert late.status_code == 409
    assert "Typed while it waited" in text(late)
    assert "Clock stopped" in text(client.get("/checks/"))


@pytest.mark.clause("F-ADVICE", part=True)
@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("Should Zed be mentioned?", "Name"),
        ("What of zed example?", "Name"),
        ("The EXAMPLE family", "Name"),
        ("A child born on 27/3/2015", "Date of birth"),
        ("A child born on 27.03.15", "Date of birth"),
        ("A child born on the 27th of March 2015", "Date of birth"),
        ("A child born on March 27, 2015", "Date of birth"),
        ("A child born 2015-03-27", "Date of birth"),
    ],
)
def test_a_question_that_says_who_it_is_about_is_refused(client, seek, question, what):
    answer = client.post(seek, {"question": question})
    assert answer.status_code == 422
    assert f"Your question contains: {what}" in text(answer)
    assert 'href="#id_question"' in text(answer)
    assert not AdviceRequest.objects.exists()


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("His number is 999 000 0018", {"nhs_number"}),
        ("His number is 9990000018.", {"nhs_number"}),
        ("UPN a123-456-789-012", {"upn"}),
        ("Lives at 1, Invented Street Anytown", {"address"}),
        ("May we share what the school saw?", set()),
        ("In 2015 there were 27 letters", set()),
        ("An exampled case", set()),
        ("for example this", set()),
    ],
)
def test_what_counts_as_saying_who(question, found):
    known = {
        "name": "Zed Example",
        "date_of_birth": date(2015, 3, 27),
        "nhs_number": "9990000018",
        "upn": "A123456789012",
        "address": "1 Invented Street, Anytown",
        "relationship": "Son",
    }
    assert named_in(question, [known]) == found


@pytest.mark.parametrize("question", ["", "x" * 1_000_000, "a\x00b"])
def test_a_question_must_be_text(client, seek, question):
    assert client.post(seek, {"question": question}).status_code == 422


@pytest.mark.clause("F-ADVICE", "G-RULES", part=True)
def test_the_adviser_sees_the_question_and_nobody(asked, adviser):
    assert asked.decision.agency_check.reference in text(adviser.get(LIST))
    page = text(adviser.get(answer_page(asked)))
    assert QUESTION in page
    assert "Is there a clear and legitimate purpose" in page
    assert "Seek advice if you are in any doubt" in page
    for words in ("Zed", "Z.E.", "Attendance in October", "Seen at hospital", "2015"):
        assert words not in page + text(adviser.get(LIST))


@pytest.mark.clause("F-ADVICE", "ISA-7.2", part=True)
def test_the_adviser_reaches_neither_the_check_nor_the_decision(asked, adviser):
    decision = asked.decision
    for page in (
        page_of(decision),
        reverse("decisions:of_check", args=[decision.agency_check_id]),
        reverse("requests:check", args=[decision.agency_check_id]),
        reverse("decisions:note_advice", args=[decision.pk, asked.pk]),
        "/checks/",
    ):
        assert adviser.get(page).status_code == 404


@pytest.mark.clause("F-ADVICE", "P-TIMELY", part=True)
def test_advice_given_sets_the_decision_going_and_is_on_record(asked, adviser, client):
    assert adviser.post(answer_page(asked), {"outcome": ""}).status_code == 422
    given = {"outcome": "You may, if telling adds to the risk"}
    for _ in range(2):
        assert adviser.post(answer_page(asked), given).status_code == 302
    assert "Advice given" in text(adviser.get(LIST))
    assert "You may, if telling adds" in text(adviser.get(answer_page(asked)))
    page = text(client.get(page_of(asked.decision)))
    assert "Answer this question" in page
    assert "Clock stopped" not in page
    step = reverse("decisions:step", args=[asked.decision_id, "purpose"])
    assert "You may, if telling adds to the risk" in text(client.get(step))


@pytest.mark.clause("F-ADVICE", part=True)
def test_whoever_asked_can_note_a_discussion_themselves(asked, client, adviser):
    note = reverse("decisions:note_advice", args=[asked.decision_id, asked.pk])
    assert QUESTION in text(client.get(note))
    noted = {"outcome": "The Caldicott Guardian said yes on the telephone"}
    page = text(client.post(note, noted, follow=True))
    assert "Answer this question" in page
    assert client.get(note).status_code == 302
    late = adviser.post(answer_page(asked), {"outcome": "What I wanted to say"})
    assert late.status_code == 409
    assert "What I wanted to say" in text(late)


@pytest.mark.clause("F-ADVICE", "P-RECORD", part=True)
def test_the_record_holds_the_advice(cast, asked, client):
    advising.note_advice(asked, by=cast.trust_spoc, outcome="The lead said yes")
    decision = asked.decision
    walks.fill(decision, decision.weighed.get().item, by=cast.trust_spoc)
    page = text(client.get(reverse("decisions:record", args=[decision.pk])))
    assert "The lead said yes" in page
    assert "Advice was sought once" in page


@pytest.mark.parametrize("who", ["housing_spoc", "trust_nurse", "officer", "requester"])
def test_nobody_else_gives_advice(asked, signed_in, who):
    client = signed_in(who)
    assert client.get(LIST).status_code == 404
    assert client.get(answer_page(asked)).status_code == 404
    assert client.post(answer_page(asked), {"outcome": "Hm"}).status_code == 404


def test_an_agency_without_an_adviser_is_told_what_to_do(cast, signed_in):
    agency_check = walks.taken(cast, "housing")
    walks.listed(agency_check, cast.housing_spoc, "Rent account")
    decision = deciding.begin_decision(agency_check, by=cast.housing_spoc, idempotency_key=uuid4())
    page = signed_in("housing_spoc").get(
        reverse("decisions:seek_advice", args=[decision.pk, "purpose"])
    )
    assert "has no adviser" in text(page)


def test_the_list_is_flat(cast, adviser, flat):
    def add():
        agency_check = walks.taken(cast)
        walks.listed(agency_check, cast.trust_spoc, "Attendance")
        decision = deciding.begin_decision(
            agency_check, by=cast.trust_spoc, idempotency_key=uuid4()
        )
        advising.seek_advice(
            decision, by=cast.trust_spoc, idempotency_key=uuid4(), step="purpose", question=QUESTION
        )

    flat(lambda: adviser.get(LIST), add=add, more=3)
