"""Letters about time: what is due, what is late, and who is told of that (P-TIMELY).

They say rating, due time and reference, and nothing of anybody (ISA-6.2).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.composing import compose, link_to
from agencies.grants import people_of, people_who
from agencies.models import Agency, User
from agencies.permissions import Permission
from outbox.notifications import InTurn, Notification, Writer
from requests_app.choices import Rating
from requests_app.clocks.calendar import ROUND_THE_CLOCK
from requests_app.clocks.due import by_when
from requests_app.clocks.reminding import check_of, request_of
from requests_app.clocks.selectors import clock_of, the_calendar
from requests_app.instead import closure_of, instead_too
from requests_app.models import AgencyCheck, InformationRequest, ShiftNote, TimeReminder

BEFORE: Final = TimeReminder.Which.BEFORE
# What is promised in one turn of the clock goes together.
SETTLES: Final = timedelta(minutes=2)


def managers_of(agency: Agency) -> QuerySet[User]:
    """The responsible managers of an agency: those who may sign for it."""
    return people_who(Permission.SIGN, agency)


def check_time(pk: str) -> Notification:
    """Whoever has a check that is soon due; once it is due, all who answer, and their manager.

    Also whoever answers while its agency is closed.
    """
    reminder = TimeReminder.objects.get(pk=pk)
    row = check_of(reminder)
    if row is None:
        return _nobody()
    to = _who_answers(row, is_early=reminder.which == BEFORE)
    said = _words(
        row,
        _("%(rating)s agency check due %(when)s"),
        _("Late: %(rating)s agency check, due %(when)s"),
    )
    letter = _letter(to, said, row, reminder, reverse("requests:check", args=[row.pk]))
    return instead_too(letter, closure_of(row))


def request_time(pk: str) -> Notification:
    """Whoever has a request at the front door; once it is due, all who could have it."""
    reminder = TimeReminder.objects.get(pk=pk)
    row = request_of(reminder)
    if row is None:
        return _nobody()
    to = _who_triages(row, is_early=reminder.which == BEFORE)
    page = reverse("requests:triage_case", args=[row.pk])
    return _letter(to, _of_a_request(row), row, reminder, page)


def request_late(pk: str) -> Notification:
    """The front door's manager, where that is nobody who works on requests and reads them."""
    reminder = TimeReminder.objects.get(pk=pk)
    row = request_of(reminder)
    if row is None:
        return _nobody()
    officers = people_who(Permission.TRIAGE, row.desk)
    to = managers_of(row.desk).exclude(pk__in=officers)
    return _letter(to, _of_a_request(row), row, reminder, reverse("home"))


def shift_waits(pk: str) -> Notification:
    """The front door's manager: a hand-over is not acknowledged; without one all who could."""
    reminder = TimeReminder.objects.get(pk=pk)
    notes = list(ShiftNote.objects.filter(batch=reminder.about, status=ShiftNote.Status.WAITING))
    if not notes:
        return _nobody()
    desk = notes[0].desk
    to = managers_of(desk)
    written = _("written on %s") % by_when(notes[0].written_at)
    said = _("Nobody has acknowledged the hand-over of a shift, %s") % written
    page = reverse("requests:hub")
    waits = InformationRequest.objects.filter(pk__in=[note.case_id for note in notes])
    rated = Counter(Rating(row.rating).label for row in waits)
    number = ", ".join(f"{rating}: {count}" for rating, count in sorted(rated.items()))
    about = _("Requests that wait: %s") % number
    to = to if to.exists() else people_who(Permission.TRIAGE, desk)
    letter = compose(to, said, _("%s.") % said, about, page=page)
    turn = InTurn(
        line=f"{said} ({number})",
        link=link_to(page),
        about=str(reminder.about),
        is_urgent=any(row.rating == ROUND_THE_CLOCK for row in waits),
        not_before=_not_before(reminder),
    )
    return Notification(letter.to, letter.subject, letter.text, turn)


def _of_a_request(row: InformationRequest) -> str:
    return _words(
        row,
        _("%(rating)s information request due %(when)s"),
        _("Late: %(rating)s information request, due %(when)s"),
    )


def _who_answers(row: AgencyCheck, *, is_early: bool) -> Iterable[User]:
    """Whoever took it, if they are still there; the others once it is due."""
    taker = people_of(row.holder).filter(pk__in=[row.taken_by_id])
    if is_early and taker.exists():
        return taker
    return _each_once(taker, people_who(Permission.ANSWER, row.holder), managers_of(row.holder))


def _who_triages(row: InformationRequest, *, is_early: bool) -> Iterable[User]:
    those_there = people_who(Permission.TRIAGE, row.desk)
    owner = those_there.filter(pk__in=[row.owner_id])
    return owner if is_early and owner.exists() else those_there


def _each_once(*those: Iterable[User]) -> Iterable[User]:
    return {person.pk: person for some in those for person in some}.values()


def _words(row: InformationRequest | AgencyCheck, due: str, late: str) -> str:
    running = clock_of(row)
    assert running is not None
    words = {"rating": Rating(row.rating).label, "when": by_when(running.due)}
    return (late if running.is_late(timezone.now()) else due) % words


def _letter(
    to: Iterable[User],
    said: str,
    row: InformationRequest | AgencyCheck,
    reminder: TimeReminder,
    page: str,
) -> Notification:
    reference = _("Reference: %s") % row.reference
    letter = compose(to, said, _("%s.") % said, reference, page=page)
    turn = InTurn(
        line=f"{said} ({row.reference})",
        link=link_to(page),
        about=row.reference,
        is_urgent=row.rating == ROUND_THE_CLOCK,
        not_before=_not_before(reminder),
    )
    return Notification(letter.to, letter.subject, letter.text, turn)


def _not_before(reminder: TimeReminder) -> datetime | None:
    """Red goes at any hour; the others while the hub works."""
    if reminder.rating == ROUND_THE_CLOCK:
        return None
    settled = reminder.promised_at + SETTLES
    return the_calendar().next_opening(max(settled, timezone.now()))


def _nobody() -> Notification:
    """It was answered or withdrawn, or its clock stands still."""
    return Notification({}, "", "")


NOTIFICATIONS: dict[str, Writer] = {
    "enquiry.time": check_time,
    "request.time": request_time,
    "request.late": request_late,
    "shift.waiting": shift_waits,
}
