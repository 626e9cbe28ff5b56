"""One row of the front door's desk, in the words of the page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.register.opening_hours import clock
from requests_app.clocks.selectors import clock_of
from requests_app.clocks.words import in_words, what_is_awaited
from requests_app.models import InboxPlace, InformationRequest
from requests_app.selectors import initials_of

WEEK = timedelta(days=6)


@dataclass(frozen=True)
class Row:
    """What the desk says of one request."""

    pk: UUID
    reference: str
    agency: Any
    requester: Any  # "" for whoever may not read it by name
    rating: str
    children: str
    may_be_known: bool  # somebody in it is perhaps in another request too
    has_link: bool  # somebody in it is the same person as in another
    came: str
    step: Any
    detail: str  # how many of the agencies that were asked have answered
    left: str
    due: str
    is_late: bool
    gone: int  # per cent of the time
    owner: str
    is_mine: bool
    is_free: bool


def row_of(place: InboxPlace, step: Any, actor: Actor) -> Row:
    """One row. Whose owner reads it, that names child and requester; others not (ADR 120)."""
    case: InformationRequest = place.case
    is_mine = place.owner_id == actor.user.pk
    people = case.subjects.all()
    is_gone = place.owner_id is not None and not place.owner_is_here  # type: ignore[attr-defined]
    return Row(
        pk=case.pk,
        reference=case.reference,
        agency=case.agency,
        requester=case.requested_by if is_mine else "",
        rating=case.rating,
        children=names_and_ages(people) if is_mine else initials_of(people),
        may_be_known=place.may_be_known and case.status != case.Status.RELEASED,  # type: ignore[attr-defined]
        has_link=place.has_link is not None,  # type: ignore[attr-defined]
        came=day_and_time(place.sent_at),
        step=step,
        detail=_answered(place),
        **_time(case),
        owner=_owner(place, is_mine=is_mine, is_gone=is_gone),
        is_mine=is_mine,
        is_free=place.owner_id is None or is_gone,
    )


def _answered(place: InboxPlace) -> str:
    words = {"answered": place.answered, "all": place.asked}
    return _("%(answered)s of %(all)s") % words if place.asked else ""


def _owner(place: InboxPlace, *, is_mine: bool, is_gone: bool) -> str:
    if place.owner is None:
        return ""
    if is_gone:
        return _("%(person)s, who has left") % {"person": place.owner}
    return _("You") if is_mine else str(place.owner)


def _time(case: InformationRequest) -> dict[str, Any]:
    """How much time is left; nothing where all was released."""
    running = clock_of(case)
    if running is None or case.status == InformationRequest.Status.RELEASED:
        return {"left": "", "due": "", "is_late": False, "gone": 0}
    now = timezone.now()
    is_late, left = running.is_late(now), in_words(abs(running.left(now)))
    whole, passed = running.due - running.start, now - running.start
    words = (_("Late by %s") if is_late else _("%s left")) % left
    because = what_is_awaited(case)
    stands = running.is_stopped and not is_late
    return {
        "left": because if stands else ". ".join(filter(None, (words, because))),
        "due": day_and_time(running.due),
        "is_late": is_late,
        "gone": max(0, min(100, round(100 * (passed / whole)))) if whole else 100,
    }


def day_and_time(moment: datetime) -> str:
    """A time as it is said at the desk: today at 10:20am, Monday at 5pm, 3 December at 9am."""
    local = timezone.localtime(moment)
    to_the_minute = local.time().replace(second=0, microsecond=0)
    return _("%(day)s at %(time)s") % {"day": _day(local.date()), "time": clock(to_the_minute)}


def _day(day: date) -> str:
    today = timezone.localdate()
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    away = day - today
    if away.days in near:
        return near[away.days]
    if abs(away) <= WEEK:
        return date_format(day, "l")
    return date_format(day, "j F" if day.year == today.year else "j F Y")


def names_and_ages(people: Any) -> str:
    """The children who are part of the request, each with the age in years."""
    return ", ".join(child.name_and_age for child in people if initials_of([child]))
