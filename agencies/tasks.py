"""What comes round by itself: reminders before checks run out and access lapses."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from agencies.models import Membership, Reminder
from agencies.people.selectors import with_last_check
from audit.ledger.sequencing import latest
from audit.selectors import leaves_set_aside
from outbox.hourly import Hourly
from outbox.models import Message
from outbox.post import post
from workflow.locking import one_at_a_time

Kind = Reminder.Kind
# Days before the last day, the longest first; what was missed is not made up for.
BEFORE = {Kind.CHECK: (30, 7), Kind.REVIEW: (14, 0)}
# Topics: to the person, and to those who keep the agency's people.
TOPICS = {
    Kind.CHECK: ("check.runs_out", "checks.run_out"),
    Kind.REVIEW: ("access.ends", "access.review_due"),
}


@shared_task(base=Hourly, ignore_result=True)
def remind_of_people() -> None:
    """Promise each reminder that is due today once, however often this runs."""
    active = Membership.objects.filter(status=Membership.Status.ACTIVE, user__is_active=True)
    checked = with_last_check(active).values_list("pk", "agency_id", "checked_until")
    remind(Kind.CHECK, checked)
    remind(Kind.REVIEW, active.values_list("pk", "agency_id", "confirmed_until"))


def remind(kind: Kind, rows: Iterable[tuple[UUID, UUID, date | None]]) -> None:
    """One e-mail a person, and one for an agency and a day, however many people it is about."""
    today = timezone.localdate()
    to_person, to_keepers = TOPICS[kind]
    for membership, agency, last in rows:
        which = which_is_due(kind, last, today) if last else ""
        if last and which:
            remind_once(kind, membership, last, which, to_person)
            remind_once(kind, agency, last, which, to_keepers)


def which_is_due(kind: Kind, last: date, today: date) -> str:
    """Which reminder it is the time for, as the days before; "" if none."""
    left = (last - today).days
    if kind == Kind.CHECK and left < 0:
        return ""  # a page says so already, and another e-mail helps nobody
    return next((str(days) for days in reversed(BEFORE[kind]) if left <= days), "")


def remind_once(kind: Kind, about: UUID, due_on: date, which: str, topic: str) -> None:
    """Promise one reminder, unless it was promised before."""
    with transaction.atomic():
        reminder, is_new = Reminder.objects.get_or_create(
            kind=kind, about=about, due_on=due_on, which=which
        )
        if is_new:
            post(topic, about=reminder)


SET_ASIDE: Final = "ledger.set_aside"


def tell_of_leaves_set_aside() -> None:
    """Promise the alarm, once for each leaf that the sequencer could not sign."""
    with transaction.atomic():
        one_at_a_time(SET_ASIDE)
        told = Message.objects.filter(topic=SET_ASIDE, to="").values("about")
        for leaf in leaves_set_aside().exclude(pk__in=[int(each["about"]) for each in told]):
            post(SET_ASIDE, about=leaf)


CHECKPOINT: Final = "ledger.checkpoint"


@shared_task(base=Hourly, ignore_result=True)
def send_checkpoint() -> None:
    """Promise the newest checkpoint to every partner once a day, if there is a new one."""
    tell_of_leaves_set_aside()
    with transaction.atomic():
        # Whoever else does this at the same moment waits here, and then finds it done.
        one_at_a_time(CHECKPOINT)
        newest = latest()
        sent = Message.objects.filter(topic=CHECKPOINT, to="")
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        if newest is None or sent.filter(posted_at__gte=today).exists():
            return
        if not sent.filter(about=str(newest.pk)).exists():
            post(CHECKPOINT, about=newest)
