"""Response times, as a pure function of calendar, rating and pauses (P-TIMELY).

Nothing here reads a database or the time of day: the same facts give the same deadline,
and the deadline can say how it came about.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
WEEKEND = 5  # Saturday, as date.weekday() counts
ROUND_THE_CLOCK = "red"
HUB_HOURS = ""  # no rating's in particular: whatever is not round the clock
FOREVER = timedelta(days=36500)

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Calendar:
    """When the hub works and how long each rating allows, in hours."""

    opens: time
    closes: time
    hours: dict[str, int]

    def open_on(self, day: date) -> Stretch | None:
        """The hours in which the hub works on ``day``; None on a closed day."""
        if day.weekday() >= WEEKEND or day in bank_holidays(day.year):
            return None
        opens = datetime.combine(day, self.opens, LONDON)
        return opens, datetime.combine(day, self.closes, LONDON)

    def is_open_at(self, moment: datetime) -> bool:
        """Whether the hub works then: not at night, at the week-end, on a bank holiday."""
        hours = self.open_on(moment.astimezone(LONDON).date())
        return hours is not None and hours[0] <= moment < hours[1]

    def next_opening(self, moment: datetime) -> datetime:
        """When the hub opens next, in UTC; that moment itself while it is open."""
        opens, _closes = next(self.open_time(moment, HUB_HOURS))
        return opens.astimezone(UTC)

    def opening_after(self, moment: datetime) -> datetime:
        """When the hub opens for the first time after that moment, in UTC."""
        day = moment.astimezone(LONDON).date()
        while (hours := self.open_on(day)) is None or hours[0] <= moment:
            day += timedelta(days=1)
        return hours[0].astimezone(UTC)

    def open_time(self, start: datetime, rating: str) -> Iterator[Stretch]:
        """The stretches after ``start`` in which a clock of this rating runs."""
        if rating == ROUND_THE_CLOCK:
            yield start, start + FOREVER
            return
        day = start.astimezone(LONDON).date()
        while True:
            if stretch := self.open_on(day):
                opens, closes = stretch
                if closes > start:
                    yield max(opens, start), closes
            day += timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """One deadline: from when, by which rating, stopped when, and due when."""

    start: datetime
    rating: str
    hours: int
    due: datetime
    pauses: tuple[tuple[datetime, datetime | None], ...]

    @property
    def is_stopped(self) -> bool:
        """Whether it stands still now."""
        return any(end is None for _, end in self.pauses)

    def is_late(self, now: datetime) -> bool:
        """Late means past due, stopped or not: a running pause has moved ``due`` on already."""
        return now > self.due

    def left(self, now: datetime) -> timedelta:
        """Time on the wall until it is due; below zero when it is past."""
        return self.due - now


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England and Wales in one year."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def clock(
    start: datetime,
    rating: str,
    calendar: Calendar,
    pauses: Iterable[tuple[datetime, datetime | None]] = (),
    *,
    now: datetime,
) -> Clock:
    """The deadline of something that began at ``start``.

    A pause that has not ended counts up to ``now``, so it never loses time.
    """
    stopped = tuple(sorted(pauses, key=lambda pause: pause[0]))
    allowed = timedelta(hours=calendar.hours[rating])
    # Compared in UTC: two local times of one zone compare by the wall, which jumps twice a year.
    closed = [(begin, end or now) for begin, end in stopped]
    left = allowed
    due = start
    for opens, closes in calendar.open_time(start, rating):
        for begin, end in _without(opens.astimezone(UTC), closes.astimezone(UTC), closed):
            if end - begin >= left:
                due = begin + left
                return Clock(start, rating, calendar.hours[rating], due, stopped)
            left -= end - begin
    raise AssertionError("a calendar has no end")


def _without(begin: datetime, end: datetime, closed: Iterable[Stretch]) -> Iterator[Stretch]:
    """What is left of a stretch after the closed ones, which are sorted, are cut out."""
    for stop, go in closed:
        if go <= begin or stop >= end:
            continue
        if stop > begin:
            yield begin, stop
        begin = max(begin, go)
    if begin < end:
        yield begin, end
