"""Clocks as rows: when something is due, and when its clock stands still."""

from datetime import datetime

from django.utils import timezone

from agencies.acting import Actor
from agencies.models.partnership import the_partnership
from requests_app.clocks import Calendar, clock
from requests_app.models import Enquiry, InformationRequest, Pause
from requests_app.moves import PAUSE


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


def deadline_of(start: datetime, rating: str) -> datetime:
    """When it is due if its clock never stops; inboxes are ordered by it."""
    return clock(start, rating, the_calendar(), now=timezone.now()).due


def stop_the_clock(
    case: InformationRequest, move: str, reason: str, *, by: Actor, enquiry: Enquiry | None = None
) -> None:
    """Let a clock stand still from now on, for a reason."""
    pause = Pause(case=case, enquiry=enquiry, reason=reason, began_at=timezone.now())
    PAUSE.make(move, pause, by=by)


def let_the_clock_run(
    case: InformationRequest, move: str, *, by: Actor, enquiry: Enquiry | None = None
) -> None:
    """End whatever pause is running, if one is."""
    running = Pause.objects.filter(case=case, enquiry=enquiry, status=Pause.Status.RUNNING)
    for pause in running:
        with PAUSE.making(move, pause, by=by):
            pause.ended_at = timezone.now()
