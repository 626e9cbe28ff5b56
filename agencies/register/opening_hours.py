"""Whether an agency can be called now, and if not, when, or who answers instead."""

import datetime as dt
from dataclasses import dataclass

import holidays
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.models import Agency, Closure

EVERY_DAY = "1234567"
LOOK_AHEAD = 14  # days; whoever opens less often has no hours to speak of


@dataclass(frozen=True)
class Opening:
    """Open or not, in words; and the closure that runs, if one does."""

    is_open: bool
    words: str
    closure: Closure | None = None


def opening(agency: Agency, closures: list[Closure], now: dt.datetime | None = None) -> Opening:
    """How it stands at this moment in London; ``closures`` are those of the agency."""
    local = timezone.localtime(now)
    today = local.date()
    if running := next((each for each in closures if each.covers(today)), None):
        until = date_format(running.ends, "j F Y")
        words = _("Closed until the end of %(day)s") % {"day": until}
        return Opening(is_open=False, words=words, closure=running)
    if _opens_on(agency, today) and _is_within(agency, local.time()):
        if _round_the_clock(agency):
            return Opening(is_open=True, words=_("Open now, 24 hours a day"))
        words = _("Open now, until %(time)s") % {"time": clock(agency.closes)}
        return Opening(is_open=True, words=words)
    return Opening(is_open=False, words=_next_opening(agency, closures, local))


def hours_in_words(agency: Agency) -> str:
    """Days and hours, as in "Monday to Friday, 9am to 5pm"."""
    days = days_in_words(agency.open_days)
    if _round_the_clock(agency):
        return _("%(days)s, 24 hours a day") % {"days": days}
    opens, closes = clock(agency.opens), clock(agency.closes)
    return _("%(days)s, %(opens)s to %(closes)s") % {
        "days": days,
        "opens": opens,
        "closes": closes,
    }


def days_in_words(days: str) -> str:
    """ISO weekday numbers as words; days in a row as one stretch."""
    if days == EVERY_DAY:
        return _("Every day")
    names = [str(WEEKDAYS[int(day) - 1]) for day in days]
    if len(names) > 2 and days in EVERY_DAY:  # noqa: PLR2004 - two days are no stretch
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return ", ".join(names)


def clock(time: dt.time) -> str:
    """A time of day: 9am, 2:30pm, midday, midnight."""
    if time == dt.time(0):
        return _("midnight")
    if time == dt.time(12):
        return _("midday")
    minutes = f":{time.minute:02}" if time.minute else ""
    return f"{time.hour % 12 or 12}{minutes}{_('am') if time.hour < 12 else _('pm')}"  # noqa: PLR2004


def next_closures(today: dt.date) -> QuerySet[Closure]:
    """Every closure that is planned and not over, the first first."""
    rows: QuerySet[Closure] = Closure.objects.filter(status=Closure.Status.PLANNED, ends__gte=today)
    return rows.order_by("starts")


def bank_holidays(year: int) -> frozenset[dt.date]:
    """The bank holidays of England in one year."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def _opens_on(agency: Agency, day: dt.date) -> bool:
    if str(day.isoweekday()) not in agency.open_days:
        return False
    return agency.open_days == EVERY_DAY or day not in bank_holidays(day.year)


def _round_the_clock(agency: Agency) -> bool:
    return agency.opens == agency.closes


def _is_within(agency: Agency, time: dt.time) -> bool:
    return _round_the_clock(agency) or agency.opens <= time < agency.closes


def _next_opening(agency: Agency, closures: list[Closure], now: dt.datetime) -> str:
    for ahead in range(LOOK_AHEAD):
        day = now.date() + dt.timedelta(days=ahead)
        is_over = not ahead and now.time() >= agency.opens
        if is_over or not _opens_on(agency, day) or any(each.covers(day) for each in closures):
            continue
        time = clock(agency.opens)
        if not ahead:
            return _("Closed now, opens at %(time)s") % {"time": time}
        return _("Closed now, opens %(day)s at %(time)s") % {
            "day": date_format(day, "l j F"),
            "time": time,
        }
    return _("Closed now")
