"""How the time of a request passed, in the words of its drawing and of the table beside it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.register.opening_hours import clock as time_of_day
from requests_app.choices import Rating
from requests_app.clocks.calendar import LONDON, ROUND_THE_CLOCK, Calendar
from requests_app.clocks.selectors import clock_of, stops_the_clock, the_calendar
from requests_app.clocks.words import at
from requests_app.models import AgencyCheck, InformationRequest
from requests_app.triage.axis import Axis, axis_of
from requests_app.triage.moments import Entry, Facts, end_of
from workflow.together import Rows

Status = InformationRequest.Status
WIDTHS: Final = (700.0, 290.0)  # for a column of a page, and for a phone
MOST_TICKS: Final = 12
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BY_THE_HOUR: Final = 2 * DAY  # shorter spans have hours below the axis
HOURS: Final = (1, 2, 3, 6, 12)
DAYS: Final = (1, 2, 7, 14, 28, 91, 182)
SHADED: Final = timedelta(days=120)  # in longer spans a night is thinner than a line


@dataclass(frozen=True)
class Passed:
    """One line of the table."""

    number: int
    words: str
    when: str
    until: str


@dataclass(frozen=True)
class Time:
    """The drawing in both widths, and the table that says the same."""

    wide: Axis
    narrow: Axis
    passed: tuple[Passed, ...]
    now: str
    due: str
    is_shaded: bool


def time_of(case: InformationRequest, put: Sequence[Any], found: Rows) -> Time | None:
    """How time passed since a request was sent; None before."""
    if case.sent_at is None:
        return None
    now = timezone.now()
    entries = _numbered(_entries(case, put, found, now))
    facts = _facts(case, put, entries, now)
    wide, narrow = (axis_of(facts, width) for width in WIDTHS)
    return Time(
        wide=wide,
        narrow=narrow,
        passed=tuple(_passed(entry, facts) for entry in entries),
        now=at(facts.now) if facts.now_words else "",
        due=facts.due_words,
        is_shaded=bool(wide.closed),
    )


def _passed(entry: Entry, facts: Facts) -> Passed:
    until = at(entry.until) if entry.until else ""
    if entry.until == facts.now:
        until = _("Still")
    return Passed(entry.number, entry.words, at(entry.at), until)


Said = tuple[datetime, str, datetime | None]


def _entries(
    case: InformationRequest, put: Sequence[Any], found: Rows, now: datetime
) -> Iterator[Said]:
    yield _sent(case), _("Sent"), None
    for event in found["turns"]:
        if event.move in TURNS:
            yield event.at, _turn(event), None
    for moment, checks in _sent_together(put):
        words = ngettext("%s check sent", "%s checks sent", len(checks)) % len(checks)
        yield moment, words, None
    for check in put:
        if check.answered_at:
            yield check.answered_at, _("Answer: %s") % check.holder, None
    for release in found["releases"]:
        yield release.released_at, _("Released"), None
    names = {check.pk: check for check in put}
    for wait in found["pauses"]:
        check = names.get(wait.agency_check_id)
        yield wait.began_at, _wait(wait, check or case), wait.ended_at or now


def _sent(case: InformationRequest) -> datetime:
    sent: datetime = case.sent_at  # type: ignore[assignment]
    return sent


TURNS: Final = {
    "informationrequest.accept": gettext_lazy("Accepted"),
    "informationrequest.decline": gettext_lazy("Declined"),
    "informationrequest.rate": gettext_lazy("Rating changed"),
}


def _turn(event: Any) -> str:
    if rating := event.details.get("rating"):
        return _("Rated %s") % Rating(rating).label
    return str(TURNS[event.move])


def _wait(wait: Any, row: Any) -> str:
    """What was waited for, at which agency, and whether the clock stood still."""
    stood = _("clock stopped") if stops_the_clock(wait, row.rating) else _("clock runs on")
    words = f"{wait.get_reason_display()}, {stood}"
    return f"{row.holder}: {words}" if isinstance(row, AgencyCheck) else words


def _sent_together(put: Sequence[Any]) -> list[tuple[datetime, list[Any]]]:
    """Checks that went out within a minute of each other are one act."""
    acts: list[tuple[datetime, list[Any]]] = []
    for check in sorted(put, key=lambda each: each.sent_at):
        if acts and check.sent_at - acts[-1][0] < timedelta(minutes=1):
            acts[-1][1].append(check)
        else:
            acts.append((check.sent_at, [check]))
    return acts


def _numbered(said: Iterable[Said]) -> list[Entry]:
    """In the order in which they happened."""
    ordered = sorted(said, key=lambda each: each[0])
    return [Entry(number, *each) for number, each in enumerate(ordered, start=1)]


def _facts(
    case: InformationRequest, put: Sequence[Any], entries: list[Entry], now: datetime
) -> Facts:
    calendar, running = the_calendar(), clock_of(case)
    is_over = case.status in (Status.DECLINED, Status.RELEASED)
    waits = any(check.status in AgencyCheck.OPEN for check in put)
    last = max(entry.until or entry.at for entry in entries)
    is_done = is_over and not waits
    due = running.due if running and not is_over else None
    facts = Facts(
        start=_sent(case),
        now=last if is_done else now,
        due=due,
        entries=entries,
        closed=(),
        ticks=(),
        now_words="" if is_done else _("Now"),
        due_words=_due(due, now) if due else "",
    )
    return _dated(facts, calendar, case.rating)


def _due(due: datetime, now: datetime) -> str:
    return (_("Was due %s") if due < now else _("Due %s")) % at(due)


def _dated(facts: Facts, calendar: Calendar, rating: str) -> Facts:
    """With the days below the axis, and the hours in which such a clock stands still."""
    end = end_of(facts)
    is_shaded = rating != ROUND_THE_CLOCK and end - facts.start < SHADED
    return Facts(
        **{
            **vars(facts),
            "closed": tuple(_closed(calendar, facts.start, end)) if is_shaded else (),
            "ticks": tuple(_ticks(facts.start, end)),
        }
    )


def _closed(
    calendar: Calendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """What lies between the hours of the hub."""
    day, last, since = start.astimezone(LONDON).date(), end.astimezone(LONDON).date(), start
    while day <= last:
        if hours := calendar.open_on(day):
            opens, closes = hours
            if _is_before(since, opens):
                yield since, min(opens, end, key=datetime.timestamp)
            since = max(since, closes, key=datetime.timestamp)
        day += DAY
    if _is_before(since, end):
        yield since, end


def _is_before(one: datetime, other: datetime) -> bool:
    """In UTC: local times of one zone compare by the wall, which jumps twice a year."""
    return one.timestamp() < other.timestamp()


def _ticks(start: datetime, end: datetime) -> Iterator[tuple[datetime, str]]:
    """Days by their date, or hours where the span is short, by the clock of London."""
    span = end - start
    if span <= BY_THE_HOUR:
        step = next(each for each in HOURS if span / HOUR / each <= MOST_TICKS)
        moment = start.replace(minute=0, second=0, microsecond=0) + HOUR
        while moment <= end:
            local = moment.astimezone(LONDON)
            if local.hour % step == 0:
                yield moment, time_of_day(local.time()) if local.hour else _day(local)
            moment += HOUR
        return
    many = (each for each in DAYS if span / DAY / each <= MOST_TICKS)
    days = next(many, max(DAYS[-1], int(span / DAY / MOST_TICKS)))
    day = start.astimezone(LONDON).date() + DAY
    while (midnight := datetime.combine(day, time(), LONDON)).timestamp() <= end.timestamp():
        yield midnight, _day(midnight)
        day += timedelta(days=days)


def _day(local: datetime) -> str:
    return date_format(local, "j M")
