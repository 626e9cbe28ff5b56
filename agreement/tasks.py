"""What comes round by itself: the reminders of the yearly review (ISA-5.2)."""

from datetime import date

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from agreement.lists.editions import in_force
from agreement.models import ReviewReminder
from outbox.post import post

FIRST, SECOND = 60, 14  # days before the review is due
A_WEEK = 7


@shared_task(ignore_result=True)
def remind_of_reviews() -> None:
    """Promise the reminder that is due today, once, however often this runs.

    One that was missed while nothing ran is not made up for: the later one says it all.
    """
    edition = in_force()
    if edition is None or edition.review_on is None:
        return
    which = reminder_due(edition.review_on, timezone.localdate())
    if not which:
        return
    with transaction.atomic():
        reminder, is_new = ReviewReminder.objects.get_or_create(
            edition=edition, due_on=edition.review_on, which=which
        )
        if is_new:
            post("review.due", about=reminder)


def reminder_due(due_on: date, today: date) -> str:
    """Which reminder it is the time for; once late, another each week."""
    left = (due_on - today).days
    if left < 0:
        return f"late {-left // A_WEEK}"
    if left <= SECOND:
        return f"{SECOND} days"
    return f"{FIRST} days" if left <= FIRST else ""
