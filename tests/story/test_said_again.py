"""Said a second time in other words, nothing is called done that was not: the first words stand."""

from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from decisions.flow import actions as deciding
from decisions.recording import actions as recording
from decisions.scrutiny import actions as scrutinising
from requests_app.agency_checks import actions as agency_checks
from requests_app.models import InformationRequest
from requests_app.triage import actions as triage
from tests import walks
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db
OTHER_WORDS = "You sent this before, with different text"


def declines(cast):
    case = walks.sent(cast)
    return (
        case,
        "declined_reason",
        lambda said: triage.decline_request(case, by=cast.officer, reason=said),
    )


def test_a_request_is_returned_once_and_with_the_first_questions(cast):
    case, first = walks.sent(cast), uuid4()
    triage.return_request(case, by=cast.officer, idempotency_key=first, questions=["Who?", "When?"])
    for idempotency_key in (first, uuid4()):
        triage.return_request(
            case, by=cast.officer, idempotency_key=idempotency_key, questions=["Who?", "When?"]
        )
    with pytest.raises(TransitionRefused, match=OTHER_WORDS):
        triage.return_request(case, by=cast.officer, idempotency_key=uuid4(), questions=["Why?"])
    asked = case.clarifications.order_by("asked_at").values_list("status", flat=True)
    assert list(asked) == ["asked", "asked"]


def answers_not_known(cast):
    check = walks.an_agency_check(cast)
    return (
        check,
        "searched",
        lambda said: agency_checks.answer_not_known(check, by=cast.trust_spoc, searched=said),
    )


def asks_to_reconsider(cast):
    scrutiny = walks.refused(cast).scrutiny
    return (
        scrutiny,
        "reasons",
        lambda said: scrutinising.ask_to_reconsider(scrutiny, by=cast.police_partner, reasons=said),
    )


@pytest.mark.parametrize("who", [declines, answers_not_known, asks_to_reconsider])
def test_the_same_again_is_done_once_and_other_words_are_refused(cast, who):
    row, column, say = who(cast)
    say("The first words")
    say("The first words")
    with pytest.raises(TransitionRefused, match=OTHER_WORDS):
        say("Other words")
    row.refresh_from_db()
    assert getattr(row, column) == "The first words"
    assert row.history.filter(version=row.version).count() == 1


def test_a_second_decline_with_other_reasons_says_what_became_of_them(cast, signed_in):
    case = walks.sent(cast)
    officer, there = signed_in("officer"), reverse("requests:triage_decline", args=[case.pk])
    assert officer.post(there, {"reasons": "No purpose is named"}).status_code == 302
    again = officer.post(there, {"reasons": "The wrong child"})
    assert again.status_code == 409
    text = again.content.decode()
    assert OTHER_WORDS in text
    assert "The wrong child" in text, "what was typed is shown again"
    assert InformationRequest.objects.get(pk=case.pk).declined_reason == "No purpose is named"


def test_a_check_that_nobody_took_is_not_said_to_be_answered(cast, signed_in):
    check = walks.an_agency_check(cast)
    with pytest.raises(TransitionRefused):
        recording.finish_check(check, by=cast.trust_spoc)
    answered = signed_in("trust_spoc").post(reverse("decisions:finish", args=[check.pk]))
    assert answered.status_code == 409
    assert "The check is answered" not in [
        str(each) for each in get_messages(answered.wsgi_request)
    ]
    check.refresh_from_db()
    assert check.status == "sent"


def test_a_check_that_was_taken_and_lists_nothing_neither(cast):
    check = walks.taken(cast)
    with pytest.raises(TransitionRefused):
        recording.finish_check(check, by=cast.trust_spoc)
    with pytest.raises(TransitionRefused):
        deciding.begin_decision(check, by=cast.trust_spoc, idempotency_key=uuid4())
