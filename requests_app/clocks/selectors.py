"""Clocks for the rows of a list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from agencies.partnership.selectors import the_partnership
from requests_app.clocks.calendar import Calendar, Clock, clock
from requests_app.models import AgencyCheck, InformationRequest


def the_calendar() -> Calendar:
    """The hub's hours and response times as the partnership has set them."""
    partnership = the_partnership()
    return Calendar(
        opens=partnership.hub_opens,
        closes=partnership.hub_closes,
        hours={
            "red": partnership.red_hours,
            "amber": partnership.amber_hours,
            "green": partnership.green_hours,
        },
    )


def clock_of(row: InformationRequest | AgencyCheck, calendar: Any = None) -> Clock | None:
    """The clock of a request or an agency check; None before it is sent.

    Load ``pauses`` with the row (``prefetch_related``), or each costs a query.
    """
    if row.sent_at is None:
        return None
    pauses = stretches_of(row)
    return clock(row.sent_at, row.rating, calendar or the_calendar(), pauses, now=timezone.now())


def stretches_of(row: InformationRequest | AgencyCheck) -> list[tuple[datetime, datetime | None]]:
    """When its clock stood still; a request's own pauses are those of no agency check."""
    return [
        (pause.began_at, pause.ended_at)
        for pause in row.pauses.all()
        if isinstance(row, AgencyCheck) or pause.agency_check_id is None
    ]


def with_clocks(rows: Iterable[Any]) -> list[Any]:
    """The rows, each with its ``clock``."""
    calendar = the_calendar()
    listed = list(rows)
    for row in listed:
        row.clock = clock_of(row, calendar)
    return listed
