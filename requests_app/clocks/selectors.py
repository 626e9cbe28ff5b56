"""Clocks for the rows of a list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from agencies.partnership.selectors import the_partnership
from requests_app.choices import PauseReason
from requests_app.clocks.calendar import ROUND_THE_CLOCK, Calendar, Clock, clock
from requests_app.models import AgencyCheck, InformationRequest, Pause


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


def stretches_of(
    row: InformationRequest | AgencyCheck, rating: str = ""
) -> list[tuple[datetime, datetime | None]]:
    """When its clock stood still, rated as it is or as ``rating`` says."""
    stood = [wait for wait in waits_of(row) if stops_the_clock(wait, rating or row.rating)]
    return [(wait.began_at, wait.ended_at) for wait in stood]


def waits_of(row: InformationRequest | AgencyCheck) -> list[Pause]:
    """What was waited for meanwhile; a request's own waits are those of no agency check."""
    is_check = isinstance(row, AgencyCheck)
    return [pause for pause in row.pauses.all() if is_check or pause.agency_check_id is None]


def stops_the_clock(wait: Pause, rating: str) -> bool:
    """Whether time stands still: a red clock runs on while advice or answers are awaited.

    Not while the partners have the answer, for then there is nothing that the agency could do.
    """
    return rating != ROUND_THE_CLOCK or wait.reason == PauseReason.PARTNERS


def with_clocks(rows: Iterable[Any]) -> list[Any]:
    """The rows, each with its ``clock``."""
    calendar = the_calendar()
    listed = list(rows)
    for row in listed:
        row.clock = clock_of(row, calendar)
    return listed
