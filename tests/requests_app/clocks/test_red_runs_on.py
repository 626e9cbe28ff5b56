"""A red clock runs on while advice or answers are awaited; the others stand still."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from decisions.advice import actions as advising
from decisions.flow import actions as deciding
from requests_app.asking import actions as asking
from requests_app.clocks.reminding import remind_of_what_is_due
from requests_app.clocks.selectors import clock_of
from requests_app.models import InboxPlace, TimeReminder
from requests_app.triage import actions as triage
from tests import walks
from tests.requests_app.clocks.weeks import monday_at

pytestmark = pytest.mark.django_db

NINE = monday_at(9)
HOUR = timedelta(hours=1)


@pytest.fixture
def moved():
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def rate(case, cast, rating):
    triage.change_rating(fresh(case), by=cast.officer, rating=rating, reason="As it is")


def waiting_for_advice(cast, rating):
    check = walks.taken(cast, "trust")
    walks.listed(check, cast.trust_spoc, "A clinic")
    rate(check.case, cast, rating)
    decision = deciding.begin_decision(fresh(check), by=cast.trust_spoc, idempotency_key=uuid4())
    advice = advising.seek_advice(
        decision, by=cast.trust_spoc, idempotency_key=uuid4(), step="purpose", question="May I?"
    )
    return fresh(check), advice


@pytest.mark.clause("P-TIMELY", part=True)
def test_a_red_check_runs_late_while_its_agency_seeks_advice(cast, moved, signed_in):
    check, _advice = waiting_for_advice(cast, "red")
    moved.move_to(NINE + 5 * HOUR)
    running = clock_of(fresh(check))
    assert not running.is_stopped
    assert running.due == NINE + 4 * HOUR
    page = text(signed_in("trust_spoc").get(reverse("requests:check", args=[check.pk])))
    assert "Late by 1 hour" in page
    assert "Waiting for advice; the clock runs on" in page
    assert "A red clock runs on while advice or answers are awaited." in page
    assert "Clock stopped" not in page
    remind_of_what_is_due()
    assert [each.which for each in TimeReminder.objects.filter(about=check.pk)] == ["after"]


def test_whoever_seeks_advice_on_a_red_check_reads_that_its_clock_runs_on(cast, moved, signed_in):
    check, advice = waiting_for_advice(cast, "red")
    spoc = signed_in("trust_spoc")
    page = text(spoc.get(reverse("decisions:decision", args=[advice.decision_id])))
    assert "its clock runs on: call your adviser as well" in page
    assert "clock is stopped" not in page
    advising.give_advice(advice, by=cast.trust_adviser, outcome="Yes")
    assert clock_of(fresh(check)).due == NINE + 4 * HOUR


@pytest.mark.clause("P-TIMELY", part=True)
def test_a_red_request_runs_on_while_its_requester_has_questions(cast, moved, signed_in):
    case = walks.sent(cast)
    rate(case, cast, "red")
    officer, there = signed_in("officer"), reverse("requests:triage_return", args=[case.pk])
    assert "Call the requester as well" in text(officer.get(there))
    key = officer.get(there).context["form"]["idempotency_key"].value()
    posted = officer.post(there, {"idempotency_key": key, "question_1": "Who?"}, follow=True)
    assert "It is rated red, so its clock runs on." in text(posted)
    moved.move_to(NINE + 5 * HOUR)
    assert clock_of(fresh(case)).is_late(NINE + 5 * HOUR)
    officer = signed_in("officer")  # after five hours anew
    for group in ("requester", "late"):
        listed = text(officer.get(f"/inbox/?group={group}"))
        assert case.reference in listed
        assert "Late by 1 hour. Waiting for the requester; the clock runs on" in listed
    asked = text(signed_in("requester").get(reverse("requests:case", args=[case.pk])))
    assert "answer at once" in asked
    assert "clock is stopped" not in asked
    remind_of_what_is_due()
    assert TimeReminder.objects.filter(about=case.pk).exists()


@pytest.mark.clause("P-TIMELY", part=True)
def test_what_becomes_red_while_it_waits_never_stood_still(cast, moved):
    check, _advice = waiting_for_advice(cast, "amber")
    moved.move_to(NINE + 5 * HOUR)
    assert clock_of(fresh(check)).is_stopped
    rate(check.case, cast, "red")
    assert clock_of(fresh(check)).is_late(NINE + 5 * HOUR)
    rate(check.case, cast, "green")
    assert clock_of(fresh(check)).is_stopped


def returned_and_answered(cast, case, moved, hours):
    """With its requester for so long, and sent again."""
    triage.return_request(case, by=cast.officer, idempotency_key=uuid4(), questions=["Who?"])
    moved.move_to(NINE + hours * HOUR)
    asking.answer_clarification(case.clarifications.get(), by=cast.requester, answer="Him")
    asking.send_request(fresh(case), by=cast.requester)


@pytest.mark.clause("P-TIMELY", part=True)
def test_a_red_request_that_came_back_is_due_and_reminded_of_as_if_it_had_not_waited(cast, moved):
    case = walks.sent(cast)
    rate(case, cast, "red")
    returned_and_answered(cast, fresh(case), moved, hours=3)
    assert fresh(case).due_at == clock_of(fresh(case)).due == NINE + 4 * HOUR
    assert InboxPlace.objects.get(pk=case.pk).late_from == NINE + 4 * HOUR
    for hours, which in ((3, "before"), (4, "at"), (5, "after")):
        moved.move_to(NINE + hours * HOUR)
        remind_of_what_is_due()
        latest = TimeReminder.objects.filter(about=case.pk).latest("promised_at")
        assert latest.which == which


@pytest.mark.clause("P-TIMELY", part=True)
def test_an_amber_request_that_waited_and_is_red_now_is_late_at_once(cast, moved, signed_in):
    case = walks.sent(cast)
    returned_and_answered(cast, fresh(case), moved, hours=6)
    assert fresh(case).due_at > NINE + 24 * HOUR
    rate(fresh(case), cast, "red")
    assert fresh(case).due_at == NINE + 4 * HOUR
    assert case.reference in text(signed_in("officer").get("/inbox/?group=late"))
    remind_of_what_is_due()
    assert [each.which for each in TimeReminder.objects.filter(about=case.pk)] == ["after"]
