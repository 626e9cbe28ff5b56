"""Clocks as rows: when something is due, and when its clock stands still."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from agencies.acting import Actor
from requests_app.clocks.calendar import clock
from requests_app.clocks.selectors import stops_the_clock, the_calendar
from requests_app.clocks.transitions import PAUSE
from requests_app.models import AgencyCheck, InformationRequest, Pause
from workflow.compiled import Compiled


def _running(case: UUID, agency_check: UUID | None = None) -> Any:
    return Pause.objects.filter(case=case, agency_check=agency_check, status=Pause.Status.RUNNING)


_RUNNING = Compiled(_running)


def deadline_of(start: datetime, rating: str) -> datetime:
    """When it is due if its clock never stops; inboxes are ordered by it."""
    return clock(start, rating, the_calendar(), now=timezone.now()).due


def due_by_now(case: InformationRequest) -> datetime:
    """When a request that was sent is due, with each time for which its clock stood until now."""
    assert case.sent_at is not None
    waits = Pause.objects.filter(case=case, agency_check=None)
    stood = [(w.began_at, w.ended_at) for w in waits if stops_the_clock(w, case.rating)]
    return clock(case.sent_at, case.rating, the_calendar(), stood, now=timezone.now()).due


def stop_the_clock(
    case: InformationRequest,
    name: str,
    reason: str,
    *,
    by: Actor,
    agency_check: AgencyCheck | None = None,
    pk: UUID | None = None,
) -> None:
    """Let a clock stand still from now on, for a reason; ``pk`` is what it waits for."""
    pause = Pause(case=case, agency_check=agency_check, reason=reason, began_at=timezone.now())
    pause.id = pk or pause.id
    PAUSE.make(name, pause, by=by)


def note_a_pause(
    agency_check: AgencyCheck, name: str, reason: str, *, by: Actor, since: datetime
) -> None:
    """Say that the clock of a check stood still from ``since`` until now."""
    pause = Pause(case=agency_check.case, agency_check=agency_check, reason=reason, began_at=since)
    with PAUSE.making(name, pause, by=by):
        pause.ended_at = timezone.now()


def let_the_clock_run(
    case: InformationRequest,
    name: str,
    *,
    by: Actor,
    agency_check: AgencyCheck | None = None,
    pk: UUID | None = None,
) -> None:
    """End the pause that is running, if one is; with ``pk`` only the one that waits for that."""
    of = {"case": case.pk} | ({"agency_check": agency_check.pk} if agency_check else {})
    for pause in _RUNNING(**of):
        if pk is not None and pause.pk != pk:
            continue
        with PAUSE.making(name, pause, by=by):
            pause.ended_at = timezone.now()
