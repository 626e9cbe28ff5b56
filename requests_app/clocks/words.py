"""What the clock of a request or of an agency check says, and how it came to say it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.partnership.selectors import the_partnership
from agencies.register.opening_hours import clock
from requests_app.choices import PauseReason, Rating
from requests_app.clocks.calendar import ROUND_THE_CLOCK, Clock
from requests_app.clocks.selectors import stops_the_clock, waits_of
from requests_app.models import AgencyCheck, InformationRequest, Pause

SOON = timedelta(hours=2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
IN_DAYS = 2 * DAY  # from when on time is counted in days
STOPPED = {
    PauseReason.ADVICE: gettext_lazy("Clock stopped: waiting for advice"),
    PauseReason.REQUESTER: gettext_lazy("Clock stopped: waiting for the requester"),
}

RUNS_ON = {
    PauseReason.ADVICE: gettext_lazy("Waiting for advice; the clock runs on"),
    PauseReason.REQUESTER: gettext_lazy("Waiting for the requester; the clock runs on"),
}


@dataclass(frozen=True)
class ClockWords:
    """The clock in words, and the colour of its tag ("" where none is needed)."""

    text: str
    colour: str = ""
    is_late: bool = False


def say_clock(row: InformationRequest | AgencyCheck, running: Clock | None) -> ClockWords:
    """What ``running``, the clock of ``row``, says now; a pause never hides that it is late."""
    if running is None:
        return ClockWords("")
    waited_for = what_is_awaited(row)
    now = timezone.now()
    left = running.left(now)
    if running.is_late(now):
        said = [_("Late by %s") % in_words(-left), waited_for]
        return ClockWords(". ".join(filter(None, said)), "red", is_late=True)
    if running.is_stopped:
        return ClockWords(waited_for, "blue")
    words = {"when": at(running.due), "left": in_words(left)}
    said = [_("Due %(when)s (%(left)s left)") % words, waited_for]
    return ClockWords(". ".join(filter(None, said)), "yellow" if left < SOON else "")


def what_is_awaited(row: InformationRequest | AgencyCheck) -> str:
    """What somebody waits for now, and whether its clock stands still meanwhile; "" for nothing."""
    wait = next((each for each in waits_of(row) if each.ended_at is None), None)
    if wait is None:
        return ""
    said = STOPPED if stops_the_clock(wait, row.rating) else RUNS_ON
    return str(said[PauseReason(wait.reason)])


def explain(running: Clock, row: InformationRequest | AgencyCheck) -> list[str]:
    """How the deadline came about, sentence by sentence (domain rule 6)."""
    words = {
        "rating": Rating(running.rating).label,
        "hours": ngettext("%s hour", "%s hours", running.hours) % running.hours,
        "start": at(running.start),
        "due": at(running.due),
    }
    said = [_("It began on %(start)s.") % words]
    if running.rating == ROUND_THE_CLOCK:
        said.append(_("%(rating)s allows %(hours)s, day and night.") % words)
    else:
        partnership = the_partnership()
        words |= {"opens": clock(partnership.hub_opens), "closes": clock(partnership.hub_closes)}
        said.append(
            _(
                "%(rating)s allows %(hours)s in hub hours: Monday to Friday, %(opens)s to "
                "%(closes)s, excluding bank holidays."
            )
            % words
        )
    said += [_say_pause(wait) for wait in waits_of(row) if stops_the_clock(wait, row.rating)]
    if any(not stops_the_clock(wait, row.rating) for wait in waits_of(row)):
        said.append(_("A red clock runs on while advice or answers are awaited."))
    said.append(_("So it is due on %(due)s.") % words)
    return said


def at(moment: datetime) -> str:
    """A day and time in London: 3 November at 11am; with its year where that is another."""
    local = timezone.localtime(moment)
    return _at(local, "j F" if local.year == timezone.localdate().year else "j F Y")


def at_with_year(moment: datetime | None) -> str:
    """A day and time as they are read years later: 3 November 2026 at 11am. "" for None."""
    return _at(timezone.localtime(moment), "j F Y") if moment else ""


def _at(local: datetime, day: str) -> str:
    to_the_minute = local.time().replace(second=0, microsecond=0)
    words = {"day": date_format(local, day), "time": clock(to_the_minute)}
    return _("%(day)s at %(time)s") % words


def _say_pause(pause: Pause) -> str:
    words = {"from": at(pause.began_at), "why": pause.get_reason_display()}
    if pause.ended_at is None:
        return _("It has been stopped since %(from)s: %(why)s.") % words
    words["to"] = at(pause.ended_at)
    return _("It was stopped from %(from)s to %(to)s: %(why)s.") % words


def tell_time(row: Any, *, now: Any = None) -> Any:
    """The row with what its clock says in words: ``is_late``, ``time_left``, ``stopped_for``."""
    now = now or timezone.now()
    row.is_late = row.clock.is_late(now)
    row.time_left = in_words(abs(row.clock.left(now)))
    now_waiting = [wait for wait in waits_of(row) if wait.ended_at is None]
    stopping = [wait for wait in now_waiting if stops_the_clock(wait, row.rating)]
    row.stopped = stopping[0] if stopping else None
    row.runs_on = what_is_awaited(row) if now_waiting and not stopping else ""
    return row


def in_words(span: timedelta) -> str:
    """A length of time in its largest unit: 5 hours."""
    if span >= IN_DAYS:
        return ngettext("%s day", "%s days", span // DAY) % (span // DAY)
    if span >= HOUR:
        return ngettext("%s hour", "%s hours", span // HOUR) % (span // HOUR)
    minutes = max(span // timedelta(minutes=1), 1)
    return ngettext("%s minute", "%s minutes", minutes) % minutes


def stands(row: InformationRequest | AgencyCheck) -> str:
    """Whether its clock stands still now that somebody waits for advice or for answers."""
    if row.rating == ROUND_THE_CLOCK:
        return _("It is rated red, so its clock runs on.")
    return _("Its clock is stopped.")
