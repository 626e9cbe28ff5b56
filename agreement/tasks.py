"""What comes round by itself: reminders of the yearly review and of signing (ISA-5.2, ISA-2.1)."""

from datetime import date

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from agencies.models import Agency, Reminder
from agencies.tasks import remind_once
from agreement.editions.selectors import in_force
from agreement.models import ReviewReminder
from outbox.hourly import Hourly
from outbox.post import post

FIRST, SECOND = 60, 14  # days before the review is due
A_WEEK = 7
BEFORE_IT_LAPSES = (0, A_WEEK, 30)  # days left to sign anew, the shortest first


@shared_task(base=Hourly, ignore_result=True)
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


@shared_task(base=Hourly, ignore_result=True)
def remind_to_sign() -> None:
    """Promise each agency that has to sign anew the reminder that is due today, once.

    None in the week after the edition came into force, when the first e-mail went out; nor
    once an agency has long lapsed: a page says so already.
    """
    edition, today = in_force(), timezone.localdate()
    if edition is None or edition.in_force_on is None:
        return
    is_fresh = (today - edition.in_force_on).days < A_WEEK
    agencies = Agency.objects.filter(status=Agency.Status.TAKING_PART, lapses_on__isnull=False)
    for pk, lapses_on in agencies.values_list("pk", "lapses_on"):
        assert lapses_on is not None
        if which := which_to_sign((lapses_on - today).days, is_fresh=is_fresh):
            remind_once(Reminder.Kind.SIGN, pk, lapses_on, which, "agency.sign_soon")


def which_to_sign(left: int, *, is_fresh: bool) -> str:
    """Which reminder to sign it is the time for, as the days before; "" if none."""
    if left < -A_WEEK or (is_fresh and left > 0):
        return ""
    return next((str(days) for days in BEFORE_IT_LAPSES if left <= days), "")
