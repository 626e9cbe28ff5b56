"""The yearly review: when it is due, who is reminded, and what came of it (ISA-5.2)."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from agreement.models import AgreementEdition, ReviewReminder, YearlyReview
from agreement.review import actions as reviewing
from agreement.tasks import remind_of_reviews, reminder_due
from outbox.models import Message
from outbox.tasks import writer_of
from tests.agreement import walks as editions
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db

DUE = dt.date(2027, 7, 1)


@pytest.mark.parametrize(
    ("days", "which"),
    [
        (61, ""),
        (60, "60 days"),
        (15, "60 days"),
        (14, "14 days"),
        (0, "14 days"),
        (-1, "late 0"),
        (-6, "late 0"),
        (-7, "late 1"),
        (-15, "late 2"),
    ],
)
def test_which_reminder_it_is_the_time_for(days, which):
    assert reminder_due(DUE, DUE - dt.timedelta(days=days)) == which


@pytest.mark.clause("ISA-5.2", part=True)
def test_each_reminder_goes_out_once_to_partners_and_office(cast):
    edition = editions.edition_one(cast)
    for days in (70, 60, 60, 40, 14, 3, -1, -2, -8):
        day = edition.review_on - dt.timedelta(days=days)
        with time_machine.travel(dt.datetime.combine(day, dt.time(9), dt.UTC), tick=False):
            remind_of_reviews()
            remind_of_reviews()
    which = ReviewReminder.objects.order_by("pk").values_list("which", flat=True)
    assert list(which) == ["60 days", "14 days", "late 0", "late 1"]
    messages = Message.objects.filter(topic="review.due", to="")
    assert messages.count() == 4
    notification = writer_of("review.due")(messages[0].about)
    told = {str(cast.users[w].pk) for w in ("police_partner", "board_partner", "administrator")}
    assert set(notification.to) == told


def test_whoever_has_reviewed_it_is_not_reminded_any_more(cast):
    edition = editions.edition_one(cast)
    day = edition.review_on - dt.timedelta(days=60)
    with time_machine.travel(dt.datetime.combine(day, dt.time(9), dt.UTC), tick=False):
        remind_of_reviews()
        editions.reviewed(cast)
        reminder = ReviewReminder.objects.get()
        assert not writer_of("review.due")(str(reminder.pk)).to


@pytest.mark.clause("ISA-5.2", part=True)
def test_a_review_is_recorded_and_the_next_is_due_a_year_later(cast):
    edition = editions.edition_one(cast)
    due = edition.review_on
    review = editions.reviewed(cast)
    assert (review.due_on, review.leads_to) == (due, None)
    assert editions.fresh(edition).review_on == due.replace(year=due.year + 1)


@pytest.mark.clause("ISA-5.3")
@pytest.mark.clause("ISA-5.2", part=True)
@pytest.mark.parametrize("who", ["police_partner", "administrator"])
def test_a_review_that_asks_for_a_change_leaves_a_draft(cast, who):
    edition = editions.edition_one(cast)
    idempotency_key = uuid4()
    said = {
        "idempotency_key": idempotency_key,
        "due_on": edition.review_on,
        "held_on": timezone.localdate(),
        "outcome": "change",
        "notes": "Name the new board.",
    }
    for _time in range(2):
        review = reviewing.record_review(editions.fresh(edition), by=getattr(cast, who), **said)
    draft = review.leads_to
    assert (draft.status, draft.changes) == ("draft", "Name the new board.")
    assert draft.text == edition.text
    assert AgreementEdition.objects.count() == 2
    assert YearlyReview.objects.count() == 1


def test_of_two_who_record_the_same_review_the_second_is_told(cast):
    edition = editions.edition_one(cast)
    due = edition.review_on
    editions.reviewed(cast)
    with pytest.raises(TransitionRefused, match="Somebody else has recorded"):
        reviewing.record_review(
            editions.fresh(edition),
            by=cast.administrator,
            idempotency_key=uuid4(),
            due_on=due,
            held_on=timezone.localdate(),
            outcome="no_change",
            notes="Also read.",
        )
