"""Scrutiny as the safeguarding partners meet it (ISA-5.4)."""

from uuid import uuid4

import pytest
from django.urls import reverse

from agencies.acting import actor_for
from agencies.bootstrap.unattended import join
from agencies.permissions import Role
from decisions.flow import actions as deciding
from decisions.models import Decision, Scrutiny
from decisions.recording import actions as recording
from decisions.scrutiny import actions as scrutinising
from tests import walks

pytestmark = pytest.mark.django_db

QUEUE = "/scrutiny/"
RECONSIDER = {"said": "reconsider", "why_reconsider": "Arrears can be a sign of being exploited"}


def page_of(scrutiny):
    return reverse("decisions:scrutiny", args=[scrutiny.pk])


@pytest.fixture
def scrutiny(cast):
    return walks.refused(cast).scrutiny


@pytest.fixture
def partner(signed_in):
    return signed_in("police_partner")


@pytest.mark.clause("ISA-5.4", part=True)
def test_a_refusal_appears_in_the_queue_by_itself(walked_anew, scrutiny, partner):
    page = partner.get(QUEUE).content.decode()
    assert scrutiny.decision.agency_check.reference in page
    assert "Anytown Homes" in page
    assert "Not shared" in page
    assert "under a minute" in page
    assert "Zed" not in page


def test_an_empty_queue_says_so(partner):
    assert "No decision is waiting for scrutiny" in partner.get(QUEUE).content.decode()


@pytest.mark.clause("ISA-5.4", "P-RECORD", part=True)
def test_the_page_shows_the_record_with_reasons_and_safety_considered(scrutiny, partner):
    page = partner.get(page_of(scrutiny)).content.decode()
    for words in ("Rent says nothing about harm", "No risk seen", "Rent account", "Not relevant"):
        assert words in page
    assert "OFFICIAL-SENSITIVE" in page


@pytest.mark.clause("ISA-5.4", part=True)
def test_accepting_needs_no_reasons_and_closes_it(scrutiny, partner):
    answer = partner.post(page_of(scrutiny), {"said": "accept"}, follow=True)
    assert answer.redirect_chain == [(QUEUE, 302)]
    page = answer.content.decode()
    assert "You accepted the decision" in page
    assert "Scrutinised" in page
    assert "Decision accepted" in page
    scrutiny.refresh_from_db()
    assert scrutiny.status == Scrutiny.Status.ACCEPTED
    assert scrutiny.partner.name == "Anytown Police"
    closed = partner.get(page_of(scrutiny)).content.decode()
    assert "Recorded by Anytown Police" in closed
    assert '<form method="post" novalidate' not in closed


@pytest.mark.clause("ISA-5.4", "P-RECORD", part=True)
def test_asking_to_reconsider_sends_it_back_and_the_old_decision_stays_readable(
    cast, scrutiny, partner
):
    assert partner.post(page_of(scrutiny), RECONSIDER).status_code == 302
    old = Decision.objects.get(pk=scrutiny.pk)
    assert old.agency_check.status == "taken"
    new = deciding.begin_anew(old, by=cast.housing_spoc, idempotency_key=uuid4())
    walks.refuse(new, by=cast.housing_spoc)
    recording.record_decision(new, by=cast.housing_spoc)
    page = partner.get(page_of(scrutiny)).content.decode()
    assert "Agency asked to reconsider" in page
    assert RECONSIDER["why_reconsider"] in page
    assert "Rent says nothing about harm" in page
    assert "The agency decided again on" in page
    assert Scrutiny.objects.filter(status="open").count() == 1


def test_reconsidering_without_reasons_is_asked_for_in_words(scrutiny, partner):
    answer = partner.post(page_of(scrutiny), {"said": "reconsider", "why_reconsider": " "})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="#id_why_reconsider"' in page
    assert "Enter why it should be reconsidered" in page
    nothing = partner.post(page_of(scrutiny), {})
    assert nothing.status_code == 422
    assert 'href="#id_said_0"' in nothing.content.decode()
    scrutiny.refresh_from_db()
    assert scrutiny.status == "open"


@pytest.mark.parametrize(
    "text", ["x" * 1_000_000, "half\x00way", "\u202eeman"], ids=["1 MB", "NUL", "turned"]
)
def test_text_that_cannot_be_kept_is_refused_or_cleaned(scrutiny, partner, text):
    answer = partner.post(page_of(scrutiny), {"said": "accept", "why_accept": text})
    assert answer.status_code == (302 if text.startswith("\u202e") else 422)
    scrutiny.refresh_from_db()
    assert "\u202e" not in scrutiny.reasons


def test_the_same_form_twice_is_done_once(scrutiny, partner):
    for _ in range(2):
        assert partner.post(page_of(scrutiny), RECONSIDER).status_code == 302
    assert scrutiny.history.filter(history_change_reason="reconsider").count() == 1


def test_a_second_partner_at_once_reads_what_happened_and_keeps_the_text(
    cast, scrutiny, partner, signed_in
):
    scrutinising.accept_decision(scrutiny, by=cast.board_partner)
    answer = partner.post(page_of(scrutiny), RECONSIDER)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "decision accepted" in page
    assert RECONSIDER["why_reconsider"] in page


@pytest.mark.clause("ISA-5.4", "ISA-7.2", part=True)
@pytest.mark.parametrize(
    "name", ["requester", "officer", "housing_spoc", "trust_spoc", "trust_adviser", "administrator"]
)
def test_nobody_else_gets_to_scrutiny(scrutiny, signed_in, name):
    client = signed_in(name)
    # Not by reverse: the pages of those roles have lists of their own.
    assert client.get(page_of(scrutiny)).status_code == 404
    assert client.post(page_of(scrutiny), {"said": "accept"}).status_code == 404
    assert client.get(QUEUE).status_code == 404


@pytest.mark.clause("ISA-5.4", part=True)
def test_a_partner_never_meets_its_own_agencys_decision(cast, partner, signed_in):
    own = walks.refused(cast, "police").scrutiny
    assert partner.get(page_of(own)).status_code == 404
    assert own.decision.agency_check.reference not in partner.get(QUEUE).content.decode()
    assert signed_in("board_partner").get(page_of(own)).status_code == 200


@pytest.mark.clause("ISA-5.4", part=True)
def test_who_decided_never_scrutinises_even_for_another_agency(cast, signed_in):
    person = cast.users["board_partner"]
    join(person, Role.SPOC, cast.agencies["housing"])
    as_spoc = actor_for(person, cast.agencies["housing"])
    agency_check = walks.an_agency_check(cast, "housing")
    from requests_app.agency_checks import actions as agency_checks

    agency_checks.take_agency_check(agency_check, by=as_spoc)
    walks.listed(agency_check, as_spoc, "Rent account")
    decision = deciding.begin_decision(agency_check, by=as_spoc, idempotency_key=uuid4())
    walks.refuse(decision, by=as_spoc)
    own = recording.record_decision(decision, by=as_spoc).scrutiny
    client = signed_in("board_partner")
    session = client.session
    session["acting_for"] = str(cast.agencies["board"].pk)
    session.save()
    assert client.get(page_of(own)).status_code == 404
    assert agency_check.reference not in client.get(QUEUE).content.decode()


def test_both_lists_cost_the_same_for_eleven(cast, partner, flat):
    turn = iter(range(100))

    def add():
        row = walks.refused(cast).scrutiny
        if next(turn) % 2:
            scrutinising.accept_decision(row, by=cast.board_partner)

    add(), add()
    flat(lambda: partner.get(QUEUE), add=lambda: (add(), add()), more=2)
