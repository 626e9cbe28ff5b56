"""Reminding an agency of its check at most once an hour, and asking it more before it answers."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from outbox.models import Message
from outbox.tasks import writer_of
from requests_app.agency_checks import actions, chasing
from requests_app.models import Question
from tests import walks
from tests.requests_app.agency_checks.test_putting_checks import text
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(cast):
    return walks.an_agency_check(cast)


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


def sent(topic):
    return Message.objects.filter(topic=topic).count()


def at_the_desk(check):
    return reverse("requests:check_for_desk", args=[check.pk])


def remind(officer, check):
    return officer.post(reverse("requests:remind_check", args=[check.pk]), follow=True)


def test_a_reminder_is_one_letter_and_stands_in_the_history(cast, check, officer):
    assert "The agency has not been reminded yet." in text(officer.get(at_the_desk(check)))
    page = text(remind(officer, check))
    assert "A reminder was sent to Anytown Health Trust." in page
    assert "Last reminded on" in page
    assert sent("enquiry.reminded") == 1
    last = check.history.order_by("-version").first()
    assert last.history_change_reason == "remind"
    assert last.due_at == check.due_at
    timeline = text(officer.get(reverse("requests:triage_case", args=[check.case_id])))
    assert "Agency reminded" in timeline


def test_it_is_sent_once_in_an_hour_whoever_presses(cast, check, officer, signed_in):
    remind(officer, check)
    for who in (officer, signed_in("officer2")):
        page = text(remind(who, check))
        assert "Anytown Health Trust was reminded on" in page
        assert "You can remind it again from" in page
        assert "A reminder was sent" not in page
    assert sent("enquiry.reminded") == 1
    assert ">Remind the agency<" not in text(officer.get(at_the_desk(check))).replace("\n", "")
    later = timezone.now() + chasing.ONCE_IN + timedelta(seconds=1)
    with patch("requests_app.agency_checks.chasing.timezone.now", return_value=later):
        assert chasing.remind_agency_check(check, by=cast.officer2) is None
    assert sent("enquiry.reminded") == 2


def test_the_letter_says_how_urgent_by_when_and_leads_to_the_check(cast, check):
    letter = writer_of("enquiry.reminded")(str(check.pk))
    assert "rated Amber" in letter.subject
    assert "It is rated Amber and due " in letter.text
    assert reverse("requests:check", args=[check.pk]) in letter.text
    assert "Zed" not in letter.text
    assert set(letter.to) == {str(cast.users[who].pk) for who in ("trust_spoc", "trust_manager")}


def test_what_is_answered_is_not_reminded(cast, check, officer):
    actions.answer_not_known(check, by=cast.trust_spoc, searched="All records")
    # Nor by what was promised before, and is sent after it was answered.
    for topic in ("enquiry.reminded", "enquiry.asked_more"):
        assert writer_of(topic)(str(check.pk)).to == {}
    assert "While you wait" not in text(officer.get(at_the_desk(check)))
    assert remind(officer, check).status_code == 409
    assert not sent("enquiry.reminded")


def test_nobody_else_reminds_or_asks_more(cast, check, signed_in):
    for who in ("requester", "trust_spoc", "police_partner"):
        assert remind(signed_in(who), check).status_code == 404
        there = reverse("requests:add_question", args=[check.pk])
        assert signed_in(who).get(there).status_code == 404
        assert signed_in(who).post(there, {"fact": "A?", "why": "B"}).status_code == 404
    with pytest.raises(PermissionDenied):
        chasing.remind_agency_check(check, by=cast.trust_spoc)
    with pytest.raises(PermissionDenied):
        chasing.add_question(
            check, by=cast.trust_spoc, idempotency_key=uuid4(), fact="Seen?", why="A bruise"
        )


def asked(**more):
    key = str(uuid4())
    return {"idempotency_key": key, "fact": "Any visit in May?", "why": "A pattern"} | more


def test_a_question_is_added_the_agency_is_told_and_sees_it_as_new(cast, check, officer, signed_in):
    there, form = reverse("requests:add_question", args=[check.pk]), asked()
    due = check.due_at
    for _ in range(2):  # a doubled click adds one
        assert "The question was added" in text(officer.post(there, form, follow=True))
    added = Question.objects.get(fact__isnull=False, pk=form["idempotency_key"])
    assert added.agency_check_id == check.pk
    assert check.questions.count() == 3
    assert sent("enquiry.asked_more") == 1
    check.refresh_from_db()
    assert check.due_at == due
    page = text(signed_in("trust_spoc").get(reverse("requests:check", args=[check.pk])))
    before, _question, after = page.partition("Any visit in May?")
    assert page.count("Added on") == 1
    assert "Added on" in after
    assert "New" in before.rpartition("<li>")[2]
    other = officer.post(there, form | {"fact": "Something else?"})
    assert other.status_code == 409
    assert check.questions.count() == 3


def test_it_can_be_added_while_the_agency_is_answering_and_not_after(cast, officer):
    check = walks.taken(cast)
    there = reverse("requests:add_question", args=[check.pk])
    assert officer.post(there, asked()).status_code == 302
    actions.answer_not_known(check, by=cast.trust_spoc, searched="All records")
    assert officer.get(there).status_code == 302
    late = officer.post(there, asked(fact="Any visit in June?"))
    assert late.status_code == 409
    assert "Any visit in June?" in text(late)
    assert check.questions.count() == 3
    with pytest.raises(TransitionRefused):
        chasing.add_question(
            check, by=cast.officer, idempotency_key=uuid4(), fact="Seen?", why="A bruise"
        )


@pytest.mark.clause("P-NECESSARY", part=True)
def test_it_gives_no_detail_that_the_agency_was_not_given(cast, check, officer):
    there = reverse("requests:add_question", args=[check.pk])
    page = officer.post(
        there, asked(fact="Has Rex been seen?", why="He lives at 1 Invented Street")
    )
    assert page.status_code == 422
    assert "This gives a detail of Rex Risk (Person who may pose a risk)" in text(page)
    assert "Has Rex been seen?" in text(page)
    empty = officer.post(there, {})
    assert empty.status_code == 422
    assert "Enter the question" in text(empty)
    assert check.questions.count() == 2
