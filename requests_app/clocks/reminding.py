"""Which request or agency check is to be reminded of its time now, and which reminder (P-TIMELY).

Nothing here looks at who is told; ``requests_app.time_notifications`` does.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from outbox.post import post
from requests_app.choices import Rating
from requests_app.clocks.calendar import ROUND_THE_CLOCK, Calendar, clock
from requests_app.clocks.selectors import clock_of, stretches_of, the_calendar
from requests_app.models import AgencyCheck, InformationRequest, ShiftNote, TimeReminder

Which = TimeReminder.Which
Row = InformationRequest | AgencyCheck
# By how much of the time that a rating allows the first comes early, and the last late.
QUARTER: Final = 0.25
# Topics: to those who work on it, and of a late request to managers who do not.
OF_CHECK, OF_REQUEST, OF_LATE_REQUEST = "enquiry.time", "request.time", "request.late"
OF_SHIFT: Final = "shift.waiting"
# What is open; a request that was returned has a clock that stands still, unless it is red.
OPEN_REQUESTS: Final = (
    InformationRequest.Status.SENT,
    InformationRequest.Status.RETURNED,
    InformationRequest.Status.ACCEPTED,
)


def remind_of_what_is_due() -> None:
    """Promise each reminder whose time has come once, however often and by how many this runs."""
    calendar, now = the_calendar(), timezone.now()
    ratings = [each for each in Rating.values if may_remind(each, calendar, now)]
    for row in _near_their_time(ratings, calendar, now):
        if which := which_is_due(row, calendar, now):
            _remind_once(row, which)


def may_remind(rating: str, calendar: Calendar, now: datetime) -> bool:
    """Red at any hour; the others while the hub works."""
    return rating == ROUND_THE_CLOCK or calendar.is_open_at(now)


def which_is_due(row: Row, calendar: Calendar, now: datetime) -> Which | None:
    """The reminder that it is the time for; of several that were missed only the last."""
    running = clock_of(row, calendar)
    if running is None or running.is_stopped:
        return None
    for which, share in ((Which.AFTER, 1 + QUARTER), (Which.AT, 1.0), (Which.BEFORE, 1 - QUARTER)):
        if now >= _when(row, share, calendar, now):
            return which
    return None


def _when(row: Row, share: float, calendar: Calendar, now: datetime) -> datetime:
    """When so much of its time has run."""
    assert row.sent_at is not None
    some = _of_the_time(calendar, row.rating, share)
    return clock(row.sent_at, row.rating, some, stretches_of(row), now=now).due


def _of_the_time(calendar: Calendar, rating: str, share: float) -> Calendar:
    hours: Any = {rating: calendar.hours[rating] * share}
    return replace(calendar, hours=hours)


def _near_their_time(ratings: list[str], calendar: Calendar, now: datetime) -> Iterator[Row]:
    """What could be reminded of: a clock that stood still is due later than ``due_at`` says."""
    near = Q(pk=None)
    for rating in ratings:
        a_quarter = _of_the_time(calendar, rating, QUARTER)
        near |= Q(rating=rating, due_at__lte=clock(now, rating, a_quarter, now=now).due)
    checks = AgencyCheck.objects.filter(near, status__in=AgencyCheck.OPEN)
    requests = InformationRequest.objects.filter(near, status__in=OPEN_REQUESTS)
    yield from checks.prefetch_related("pauses")
    yield from requests.prefetch_related("pauses")


def about_what(row: Row) -> dict[str, Any]:
    """What tells the reminders of one time from those of another."""
    return {"about": row.pk, "rating": row.rating, "pauses": len(stretches_of(row))}


def _remind_once(row: Row, which: Which) -> None:
    known = about_what(row)
    if TimeReminder.objects.filter(which=which, **known).exists():
        return
    with transaction.atomic():
        reminder, is_new = TimeReminder.objects.get_or_create(which=which, **known)
        if is_new:
            for topic in _topics(row, which):
                post(topic, about=reminder)


def remind_of_shifts() -> None:
    """Promise once that a manager is told of each hand-over that waits since the hub opened."""
    waiting = ShiftNote.objects.filter(status=ShiftNote.Status.WAITING, due_at__lte=timezone.now())
    for batch in waiting.order_by("batch").values_list("batch", flat=True).distinct():
        known: dict[str, Any] = {"about": batch, "rating": "", "pauses": 0, "which": Which.AT}
        if TimeReminder.objects.filter(**known).exists():
            continue
        with transaction.atomic():
            reminder, is_new = TimeReminder.objects.get_or_create(**known)
            if is_new:
                post(OF_SHIFT, about=reminder)


def _topics(row: Row, which: Which) -> list[str]:
    if isinstance(row, AgencyCheck):
        return [OF_CHECK]
    return [OF_REQUEST] if which == Which.BEFORE else [OF_REQUEST, OF_LATE_REQUEST]


def check_of(reminder: TimeReminder) -> AgencyCheck | None:
    """The check, if it still waits for an answer by the time of which this reminds."""
    rows = AgencyCheck.objects.filter(status__in=AgencyCheck.OPEN)
    found: AgencyCheck | None = _still(rows.select_related("holder"), reminder)
    return found


def request_of(reminder: TimeReminder) -> InformationRequest | None:
    """Likewise the request, if it is still open at the front door."""
    rows = InformationRequest.objects.filter(status__in=OPEN_REQUESTS)
    found: InformationRequest | None = _still(rows.select_related("desk"), reminder)
    return found


def _still(rows: Any, reminder: TimeReminder) -> Any:
    found = rows.filter(pk=reminder.about).prefetch_related("pauses").first()
    if found is None or about_what(found) != _said_by(reminder):
        return None
    running = clock_of(found)
    return None if running is None or running.is_stopped else found


def _said_by(reminder: TimeReminder) -> dict[str, UUID | str | int]:
    return {"about": reminder.about, "rating": reminder.rating, "pauses": reminder.pauses}
