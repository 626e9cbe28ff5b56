"""How the front door stands: what waits, since when, with whom, and what became late this week.

Counts, for those who answer for the front door; nothing of a child (docs/adr/0124).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import Actor
from agencies.models import User
from agencies.permissions import Permission
from requests_app.choices import Rating
from requests_app.policies import PLACES, REQUESTS
from requests_app.triage.choosing import OPEN
from requests_app.triage.rows import day_and_time
from requests_app.triage.shift_selectors import Shift, shifts_waiting
from workflow.compiled import Compiled, ForActor

MOST: Final = 1_000  # requests that are counted, the oldest first
LISTED: Final = 25  # that became late
WHOLE: Final = 100  # per cent
RATINGS: Final = tuple(Rating)
# Since how many days at the most a request has been here; None is longer.
AGES: Final = (
    (1, gettext_lazy("Up to 1 day")),
    (3, gettext_lazy("1 to 3 days")),
    (7, gettext_lazy("3 to 7 days")),
    (None, gettext_lazy("More than 7 days")),
)


@dataclass(frozen=True)
class Part:
    """One piece of a bar, in per cent of the longest bar, as an attribute has it."""

    rating: str
    start: str
    width: str


@dataclass(frozen=True)
class Line:
    """One line of a table, and its bar beside it."""

    title: Any
    numbers: tuple[int, ...]  # in the order of the ratings
    late: int
    parts: tuple[Part, ...] = ()

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.numbers)


@dataclass(frozen=True)
class Late:
    """A request that became late this week and is still open; ``reference`` for who may open it."""

    pk: UUID
    reference: str
    rating: str
    since: str
    owner: str


@dataclass(frozen=True)
class Hub:
    """The manager's page."""

    ages: list[Line]
    owners: list[Line]
    late: list[Late]
    late_this_week: int
    waiting: int
    late_now: int
    is_all: bool
    shifts: list[Shift]


def hub(actor: Actor) -> Hub:
    """What is open at this person's front door, as far as it is counted."""
    now = timezone.now()
    rows = WAITING(actor)
    counted = rows[:MOST]
    names = _names({row.owner_id for row in counted if row.owner_id})
    this_week = [row for row in counted if row.late_from and _monday(now) <= row.late_from <= now]
    latest = sorted(this_week, key=lambda row: row.late_from)[:LISTED]
    return Hub(
        ages=_drawn(_by_age(counted, now)),
        owners=_drawn(_by_owner(counted, names, now)),
        late=_late(latest, names, actor),
        late_this_week=len(this_week),
        waiting=len(counted),
        late_now=sum(_is_late(row, now) for row in counted),
        is_all=len(rows) <= MOST,
        shifts=shifts_waiting(actor),
    )


def _waiting(actor: Actor) -> Any:
    rows = PLACES.scope(actor, Permission.TRIAGE, Permission.OVERSEE).filter(place__lt=len(OPEN))
    shown = rows.only("urgency", "sent_at", "late_from", "owner_id")
    return shown.order_by("sent_at", "pk")[: MOST + 1]


def _called(actor: Actor, ids: list[UUID]) -> Any:
    return REQUESTS.scope(actor, Permission.TRIAGE).filter(pk__any_of=ids).only("reference")


WAITING, CALLED = ForActor(_waiting), ForActor(_called)
_PEOPLE = Compiled(lambda ids: User.objects.filter(pk__any_of=ids))


def _names(ids: set[UUID]) -> dict[UUID, str]:
    return {person.pk: str(person) for person in _PEOPLE(ids=sorted(ids))} if ids else {}


def _monday(now: datetime) -> datetime:
    """The beginning of the week, by the clock of the hub."""
    day = timezone.localdate(now)
    first = datetime.combine(day - timedelta(days=day.weekday()), time())
    return timezone.make_aware(first)


def _is_late(row: Any, now: datetime) -> bool:
    return row.late_from is not None and row.late_from < now


def _line(title: Any, rows: Iterable[Any], now: datetime) -> Line:
    rows = list(rows)
    rated = Counter(row.urgency for row in rows)
    numbers = tuple(rated[number] for number in range(len(RATINGS)))
    return Line(title, numbers, sum(_is_late(row, now) for row in rows))


def _by_age(rows: list[Any], now: datetime) -> list[Line]:
    found, left = [], rows
    for days, title in AGES:
        begins = now - timedelta(days=days) if days else None
        here = [row for row in left if begins is None or row.sent_at > begins]
        left = [row for row in left if begins is not None and row.sent_at <= begins]
        found.append(_line(title, here, now))
    return found


def _by_owner(rows: list[Any], names: dict[UUID, str], now: datetime) -> list[Line]:
    """Nobody first, then whoever has most."""
    of: dict[UUID | None, list[Any]] = {}
    for row in rows:
        of.setdefault(row.owner_id, []).append(row)
    free = _line(_("Nobody"), of.pop(None, []), now)
    owned = [_line(names.get(owner or UUID(int=0), ""), some, now) for owner, some in of.items()]
    return [free, *sorted(owned, key=lambda line: (-line.total, line.title))]


def _drawn(lines: list[Line]) -> list[Line]:
    most = max((line.total for line in lines), default=0) or 1
    drawn = []
    for line in lines:
        parts, start = [], 0.0
        for rating, number in zip(RATINGS, line.numbers, strict=True):
            width = WHOLE * number / most
            if number:
                parts.append(Part(rating.value, f"{start:.2f}%", f"{width:.2f}%"))
            start += width
        drawn.append(Line(line.title, line.numbers, line.late, tuple(parts)))
    return drawn


def _late(rows: list[Any], names: dict[UUID, str], actor: Actor) -> list[Late]:
    """With their references for whoever may open them; others read how many, and with whom."""
    called: dict[UUID, str] = {}
    if rows and Permission.TRIAGE in actor.permissions:
        called = {case.pk: case.reference for case in CALLED(actor, ids=[row.pk for row in rows])}
    return [
        Late(
            row.pk,
            called.get(row.pk, ""),
            RATINGS[row.urgency].value,
            day_and_time(row.late_from),
            names.get(row.owner_id, "") if row.owner_id else "",
        )
        for row in rows
    ]
