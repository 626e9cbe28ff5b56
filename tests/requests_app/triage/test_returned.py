"""A request that came back to its requester: rated, checked again, taken back, declined."""

from uuid import uuid4

import pytest
from django.urls import reverse

from outbox.models import Message
from requests_app.asking import actions as asking
from requests_app.choices import Check
from requests_app.models import InformationRequest, Pause
from requests_app.triage import actions as triage
from tests import walks
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db
ALL_YES = {f"check_{check.value}": "yes" for check in Check}
NOTED = "Rang the school on Monday"


def to(name, case):
    return reverse(f"requests:{name}", args=[case.pk])


def text(response):
    return response.content.decode()


def again(case):
    return InformationRequest.objects.get(pk=case.pk)


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.fixture
def requester(signed_in):
    return signed_in("requester")


@pytest.fixture
def returned(cast):
    """Every check was answered with yes, then a question came up."""
    case = walks.sent(cast)
    for check in Check:
        triage.answer_check(case, by=cast.officer, check=check, answer="yes", note=NOTED)
    return triage.return_request(
        case, by=cast.officer, idempotency_key=uuid4(), questions=["Which day?"]
    )


@pytest.fixture
def resent(cast, returned):
    question = returned.clarifications.get()
    asking.answer_clarification(question, by=cast.requester, answer="Monday")
    return asking.send_request(again(returned), by=cast.requester)


@pytest.mark.clause("ISA-3.8", part=True)
def test_what_was_checked_before_a_return_is_checked_again(cast, resent, officer):
    refused = officer.post(to("triage_accept", resent))
    assert refused.status_code == 409
    assert "Answer every check with yes" in text(refused)
    for name in ("triage_case", "triage_checks"):
        page = text(officer.get(to(name, resent)))
        assert page.count("Before it was returned: Yes") == len(Check), name
        assert page.count(NOTED) == len(Check), name
        assert "Accept the request" not in page
    # The very same answers as before are answers again.
    same = ALL_YES | {f"note_on_{check.value}": NOTED for check in Check}
    assert officer.post(to("triage_checks", resent), same).status_code == 302
    page = text(officer.get(to("triage_case", resent)))
    assert "Accept the request" in page
    assert "Before it was returned" not in page
    assert officer.post(to("triage_accept", resent)).status_code == 302
    assert again(resent).status == "accepted"


@pytest.mark.clause("ISA-3.8", part=True)
def test_one_check_answered_again_leaves_the_others(cast, resent):
    triage.answer_check(resent, by=cast.officer, check=Check.PURPOSE, answer="yes", note="")
    with pytest.raises(TransitionRefused):
        triage.accept_request(resent, by=cast.officer)


@pytest.mark.clause("P-TIMELY", part=True)
def test_the_requester_does_not_override_the_front_doors_rating(cast, requester):
    case = walks.sent(cast)
    triage.change_rating(case, by=cast.officer, rating="green", reason="Seen by a doctor")
    triage.return_request(
        again(case), by=cast.officer, idempotency_key=uuid4(), questions=["Which day?"]
    )
    late = requester.post(to("rating", case), {"rating": "red", "reason": "I insist"})
    assert late.status_code == 409
    assert "The front door rates a request" in text(late)
    assert "I insist" in text(late)
    assert (again(case).rating, again(case).rating_reason) == ("green", "Seen by a doctor")
    assert requester.get(to("rating", case)).status_code == 302
    tasks, review = (text(requester.get(to(name, case))) for name in ("case", "review"))
    for page in (tasks, review):
        assert "How urgent it is" in page
        assert to("rating", case) not in page
        assert to("purpose", case) in page
    assert "Green" in review


def test_a_draft_is_rated_by_its_requester(cast, requester):
    draft = walks.a_draft(cast)
    for name in ("case", "review"):
        assert to("rating", draft) in text(requester.get(to(name, draft)))


@pytest.mark.clause("ISA-3.8", "P-TIMELY", part=True)
def test_the_front_door_takes_a_returned_request_back(returned, officer, requester):
    page = text(officer.get(to("triage_case", returned)))
    assert to("triage_take_back", returned) in page
    assert officer.get(to("triage_take_back", returned)).status_code == 200
    assert again(returned).status == "returned"
    for _ in range(2):  # the second is a doubled click
        done = officer.post(to("triage_take_back", returned), follow=True)
        assert "You took the request back" in text(done)
    assert again(returned).status == "sent"
    assert Pause.objects.get(case=returned).ended_at
    assert "Clock stopped" not in text(officer.get("/inbox/"))
    assert "Taken back from the requester" in text(done)
    # Nobody knows what was changed meanwhile: the checks are made anew.
    assert "Before it was returned: Yes" in text(done)
    told = Message.objects.filter(topic="request.taken_back", to="")
    assert told.count() == 1
    late = requester.post(to("send", returned))
    assert late.status_code == 409
    assert "taken back from the requester" in text(late)
    assert "Taken back" in text(requester.get(to("case", returned)))


@pytest.mark.clause("ISA-3.8", part=True)
def test_the_front_door_declines_a_returned_request(returned, officer, requester):
    assert to("triage_decline", returned) in text(officer.get(to("triage_case", returned)))
    assert officer.get(to("triage_decline", returned)).status_code == 200
    officer.post(to("triage_decline", returned), {"reasons": "No answer came"})
    assert (again(returned).status, again(returned).declined_reason) == (
        "declined",
        "No answer came",
    )
    assert Pause.objects.get(case=returned).ended_at
    assert "No answer came" in text(requester.get(to("case", returned)))


@pytest.mark.parametrize("name", ["requester", "school_spoc", "trust_spoc", "administrator"])
def test_nobody_else_takes_it_back(name, returned, signed_in):
    assert signed_in(name).post(to("triage_take_back", returned)).status_code == 404
    assert again(returned).status == "returned"


def test_a_request_that_is_not_returned_cannot_be_taken_back(cast, officer):
    case = walks.accepted(cast)
    assert officer.get(to("triage_take_back", case)).status_code == 302
    assert officer.post(to("triage_take_back", case)).status_code == 409
    assert again(case).status == "accepted"
