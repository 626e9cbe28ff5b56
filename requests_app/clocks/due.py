"""What a rating means as a day and time, and whether the front door is open to read it (P-TIMELY).

Staff read "24 hours" as tomorrow; where a rating is chosen stands the time itself.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.partnership.selectors import the_partnership
from agencies.register.opening_hours import clock as time_of_day
from requests_app.choices import Rating
from requests_app.clocks.calendar import clock
from requests_app.clocks.selectors import stretches_of, the_calendar
from requests_app.models import AgencyCheck, InformationRequest


@dataclass(frozen=True)
class HubHours:
    """Whether the front door is open at a moment, else when it opens; whom to call till then."""

    is_open: bool
    opens: str
    telephone: str


def hub_hours(now: datetime | None = None) -> HubHours:
    """How it stands; ``telephone`` is the out-of-hours one, "" where none has been given yet."""
    now = now or timezone.now()
    calendar = the_calendar()
    is_open = calendar.is_open_at(now)
    opens = "" if is_open else by_when(calendar.next_opening(now))
    return HubHours(is_open, opens, the_partnership().out_of_hours_telephone or "")


def due_times(
    row: InformationRequest | AgencyCheck | None = None, *, now: datetime | None = None
) -> dict[str, str]:
    """By each rating, when an answer is due: if it is sent now, or for what was sent before."""
    now = now or timezone.now()
    calendar = the_calendar()
    start = row.sent_at if row and row.sent_at else now
    stood = {code: stretches_of(row, code) if row else [] for code in Rating.values}
    due = {code: clock(start, code, calendar, stood[code], now=now).due for code in Rating.values}
    return {code: _said(moment, now) for code, moment in due.items()}


def _said(due: datetime, now: datetime) -> str:
    words = _("by %s") if due >= now else _("by %s, which has passed")
    return words % by_when(due)


def by_when(moment: datetime) -> str:
    """A time with its day of the week: Tuesday 1 December at 5pm."""
    local = timezone.localtime(moment)
    day = "l j F" if local.year == timezone.localdate().year else "l j F Y"
    to_the_minute = local.time().replace(second=0, microsecond=0)
    words = {"day": date_format(local, day), "time": time_of_day(to_the_minute)}
    return _("%(day)s at %(time)s") % words
