"""Asking, reminding and asking more at once, with real threads on PostgreSQL."""

from uuid import uuid4

import pytest

from outbox.models import Message
from requests_app.agency_checks import actions, chasing, withdrawing
from requests_app.models import AgencyCheck, Question
from tests import walks
from tests.house.test_races import at_once, events, fresh

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keystore"])
ASKED = {"shown": {}, "questions": [("Seen?", "A bruise")]}


def test_a_page_sent_several_times_at_once_asks_each_agency_once(cast):
    case, key = walks.accepted(cast), uuid4()
    asks = [(cast.agencies[name], ASKED) for name in ("trust", "housing", "police")]

    def send():
        made, refused = actions.put_agency_checks(
            fresh(case), by=cast.officer, idempotency_key=key, asks=asks
        )
        assert (len(made), refused) == (3, [])

    assert at_once(*[send] * 4) == ["made"] * 4
    assert AgencyCheck.objects.count() == Question.objects.count() == 3
    assert Message.objects.filter(topic="enquiry.put").count() == 3


def test_of_several_who_remind_at_once_one_does(cast):
    check = walks.an_agency_check(cast)

    def reminding(by):
        return lambda: chasing.remind_agency_check(fresh(check), by=by)

    officers = (cast.officer, cast.officer2) * 2
    assert at_once(*map(reminding, officers)) == ["made"] * 4
    assert events("enquiry.remind") == 1
    assert Message.objects.filter(topic="enquiry.reminded").count() == 1


def test_a_question_sent_several_times_at_once_is_added_once(cast):
    check, key = walks.an_agency_check(cast), uuid4()

    def add():
        chasing.add_question(
            fresh(check), by=cast.officer, idempotency_key=key, fact="In May?", why="A pattern"
        )

    assert at_once(*[add] * 4) == ["made"] * 4
    assert (check.questions.count(), events("enquiry.ask_more")) == (3, 1)


def test_a_question_and_the_answer_at_once_leave_no_question_that_came_after_it(cast):
    check = walks.an_agency_check(cast)
    ends = at_once(
        lambda: chasing.add_question(
            fresh(check), by=cast.officer, idempotency_key=uuid4(), fact="In May?", why="A pattern"
        ),
        lambda: actions.answer_not_known(fresh(check), by=cast.trust_spoc, searched="All records"),
    )
    assert fresh(check).status == AgencyCheck.Status.ANSWERED
    asked = "made" if check.questions.count() == 3 else "refused"
    assert ends == sorted(["made", asked])
    assert events("enquiry.ask_more") == (asked == "made")


def test_the_answer_and_a_withdrawal_at_once_leave_one_of_them(cast):
    for _ in range(3):
        check = walks.an_agency_check(cast)
        ends = at_once(
            lambda check=check: withdrawing.withdraw_agency_check(
                fresh(check), by=cast.officer, because="not_needed"
            ),
            lambda check=check: actions.answer_not_known(
                fresh(check), by=cast.trust_spoc, searched="All records"
            ),
        )
        assert ends == ["made", "refused"]
        row = fresh(check)
        is_answered = row.status == AgencyCheck.Status.ANSWERED
        assert bool(row.searched) == is_answered
        assert bool(row.withdrawn_because) != is_answered


def test_a_withdrawal_sent_several_times_at_once_is_made_once(cast):
    check = walks.an_agency_check(cast)

    def withdraw():
        withdrawing.withdraw_agency_check(fresh(check), by=cast.officer, because="mistake")

    assert at_once(*[withdraw] * 4) == ["made"] * 4
    assert events("enquiry.withdraw") == 1
    assert Message.objects.filter(topic="enquiry.withdrawn").count() == 1
