"""The front door's desk: what is to be done, the most urgent first, and who has it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.acting import Actor
from agencies.models import Agency
from agencies.permissions import Permission
from agreement.choices import Purpose
from encryption.casekeys import prefetch_case_keys
from requests_app.choices import Rating
from requests_app.models import DeskChoice, InboxPlace
from requests_app.policies import PLACES
from requests_app.selectors import inbox
from requests_app.triage.choosing import (
    BY_CODE,
    GROUPS,
    KEYS,
    LATE,
    LEFT,
    OPEN,
    RATED,
    STEPS,
    TO_DO,
    Asked,
    Group,
)
from requests_app.triage.narrowing import beside, filtered, narrowed, shifts_for
from requests_app.triage.rows import Row, row_of
from workflow.compiled import ForActor
from workflow.gateway import fetch_all
from workflow.paging import moment, page_from, window

NOT_COUNTED: Final = {"released"}
SHIFTS: Final = "shift"  # the code under which hand-overs are counted beside the groups
MOST = 1_000  # that are counted of one group; of more the page says that there are


@dataclass(frozen=True)
class Chip:
    """A group, or what narrows the list, as the page offers it."""

    title: Any
    address: str
    chosen: bool = False
    code: str = ""
    count: int | str | None = None


@dataclass(frozen=True)
class Board:
    """One page of the desk."""

    asked: Asked
    rows: list[Row]
    chips: list[Chip]
    sorts: dict[str, dict[str, str]]
    ratings: list[Chip]
    filters: list[Chip]
    agencies: list[Agency]
    address: str
    start: str
    kept: str
    red: int | str  # to be done by the whole front door, where filters may hide some of them
    shifts: int | str  # hand-overs that wait for this person
    next: str
    is_first: bool
    at: datetime


def board(actor: Actor, said: Mapping[str, str]) -> Board:
    """The requests that an address asks for; those of one's own by name, which is a reading."""
    at = timezone.now()  # before the rows are read, so that what comes in meanwhile is new
    agencies, asked = _with_its_agency(actor, Asked.of(said))
    after = said.get("after", "")
    values = _agency(asked) | ({"now": timezone.now()} if asked.group is LATE else {})
    shape = (actor, asked.group.code, asked.sort, asked.rating, asked.purpose)
    page = page_from(partial(ROWS, *shape, **values), KEYS[asked.sort], after)
    prefetch_case_keys({row.pk for row in page.rows})
    own = [row.case for row in page.rows if row.owner_id == actor.user.pk]
    if own:
        fetch_all(actor, Permission.TRIAGE, own)
    numbers = _counted(actor, asked)
    return Board(
        asked=asked,
        rows=[row_of(row, STEPS[row.place].next_step, actor) for row in page.rows],
        chips=[_chip(asked, *each) for each in numbers.groups],
        sorts={each or "urgency": _sort(asked, each) for each in KEYS},
        ratings=_ratings(asked),
        filters=_filters(asked, agencies),
        agencies=agencies,
        address=asked.address(),
        start=Asked().address(),
        kept=numbers.kept,
        red=at_most(numbers.red) if _hides_red(asked) else 0,
        shifts=at_most(numbers.shifts),
        next=asked.address(after=page.after) if page.after else "",
        is_first=not after,
        at=at,
    )


def news(actor: Actor, since: str, said: Mapping[str, str]) -> dict[str, Any]:
    """What a desk that is looked at asks again: its counts, and how many came in since then.

    It names no request, so it is no reading.
    """
    try:
        came = len(NEWS(actor, since=moment(since)))
    except (ValueError, OverflowError):
        came = 0
    return {"new": at_most(came), "counts": _by_code(_counted(actor, Asked.of(said)))}


def counts(actor: Actor) -> dict[str, int | str]:
    """How many requests are in each group, by its code, and how many hand-overs wait."""
    return _by_code(_counted(actor, Asked()))


def _by_code(numbers: "_Numbers") -> dict[str, int | str]:
    said = {group.code: at_most(count or 0) for group, count in numbers.groups}
    return said | {SHIFTS: at_most(numbers.shifts)}


def _with_its_agency(actor: Actor, asked: Asked) -> tuple[list[Agency], Asked]:
    """Who has asked for what is open, and who is chosen; one that is no agency is not chosen."""
    agencies = list(ASKERS(actor, **_agency(asked)))
    if asked.agency not in {agency.pk for agency in agencies}:
        asked = replace(asked, agency=None)
    return agencies, asked


def _hides_red(asked: Asked) -> bool:
    """Whether a list that was narrowed before may not show what is most urgent."""
    return asked.rating not in ("", Rating.RED) or bool(asked.purpose or asked.agency)


def _agency(asked: Asked) -> dict[str, Any]:
    return {"agency": asked.agency} if asked.agency else {}


def _chip(asked: Asked, group: Group, count: int | None) -> Chip:
    return Chip(
        group.title,
        asked.address(group=group.code),
        group is asked.group,
        group.code,
        None if count is None else at_most(count),
    )


def _sort(asked: Asked, sort: str) -> dict[str, str]:
    order = "ascending" if asked.sort == sort else ""
    return {"href": asked.address(sort=sort), "order": order}


def _ratings(asked: Asked) -> list[Chip]:
    said = [("", _("Any rating")), *Rating.choices]
    return [Chip(title, asked.address(rating=code), code == asked.rating) for code, title in said]


def _filters(asked: Asked, agencies: Iterable[Agency]) -> list[Chip]:
    """What the list is narrowed by beside the rating; each with the address without it."""
    found = []
    if asked.agency:
        [name] = [agency.name for agency in agencies if agency.pk == asked.agency]
        found.append(Chip(name, asked.address(agency="")))
    if asked.purpose:
        found.append(Chip(Purpose(asked.purpose).label, asked.address(purpose="")))
    return found


def _rows(
    actor: Actor,
    code: str,
    sort: str,
    rating: str,
    purpose: str,
    *,
    now: Any = None,
    agency: Any = None,
    **place: Any,
) -> "QuerySet[InboxPlace]":
    """The requests of one group from ``place`` on, each with what the list says beside it."""
    rows = narrowed(inbox(actor), BY_CODE.get(code, TO_DO), actor, now)
    rows = filtered(rows, rating, purpose, agency)
    if sort == "agency":
        rows = rows.annotate(asker=F("agency__name"))
    return window(beside(rows, actor), KEYS[sort], place)


class _Counted(Subquery):
    """How many rows there are, as far as they are counted."""

    template = "(SELECT count(*) FROM (%(subquery)s) few)"
    output_field = IntegerField()


COUNTED: Final = [group for group in GROUPS if group.code not in NOT_COUNTED]


def _counts(
    actor: Actor, rating: str, purpose: str, now: datetime, agency: Any = None
) -> "QuerySet[Any, Any]":
    """Of each group, as one row, and what this person chose last; their agency is there once."""
    rows = filtered(PLACES.scope(actor, Permission.TRIAGE), rating, purpose, agency)
    few = [
        _Counted(narrowed(rows.values("place"), group, actor, now)[: MOST + 1]) for group in COUNTED
    ]
    kept = Subquery(_kept(actor).values("query"))
    to_do = PLACES.scope(actor, Permission.TRIAGE).filter(place__lt=len(TO_DO.places))
    red = _Counted(to_do.filter(urgency=RATED[Rating.RED]).values("place")[: MOST + 1])
    shifts = _Counted(shifts_for(actor).values("batch").distinct()[: MOST + 1])
    return Agency.objects.filter(pk=actor.agency.pk).values_list(*few, kept, red, shifts)


def _kept(actor: Actor) -> "QuerySet[DeskChoice]":
    return DeskChoice.objects.filter(person=actor.user.pk, desk=actor.agency.pk)


def _news(actor: Actor, since: datetime) -> "QuerySet[Any, Any]":
    """What came in since then, as far as it is counted."""
    rows = PLACES.scope(actor, Permission.TRIAGE).filter(place__lt=len(OPEN), sent_at__gt=since)
    return rows.values_list("pk")[: MOST + 1]


def _askers(actor: Actor, agency: Any = None) -> "QuerySet[Agency]":
    """The agencies of which something is open here, and one that is chosen, by name."""
    theirs = PLACES.scope(actor, Permission.TRIAGE).filter(
        agency=OuterRef("pk"), place__lt=len(OPEN)
    )
    chosen = Q(pk=agency) if agency else Q()
    return Agency.objects.filter(Exists(theirs) | chosen).only("name").order_by("name", "pk")


ROWS, COUNTS, NEWS = ForActor(_rows), ForActor(_counts), ForActor(_news)
ASKERS, KEPT = ForActor(_askers), ForActor(_kept)
PAST_DUE = ForActor(lambda actor, now: inbox(actor).filter(place=0, due_at__lt=now)[: MOST + 1])


def chosen_last(actor: Actor) -> str:
    """The query of the address that this person chose last at this front door, or "" for none."""
    return next((choice.query for choice in KEPT(actor)), "")


def past_due(actor: Actor, now: datetime) -> list[Any]:
    """The requests that wait for triage and were due by ``now``, as far as they are counted."""
    return [row.case for row in PAST_DUE(actor, now=now)]


def at_most(number: int) -> int | str:
    """A number as it is said where no more than ``MOST`` are counted."""
    return number if number <= MOST else f"{MOST:,}+"


@dataclass(frozen=True)
class _Numbers:
    """How many there are of each group, of those whose owner has left if there are any.

    ``kept`` is what this person chose last, "" for nothing, ``red`` how many red ones there are to
    do in all, ``shifts`` how many hand-overs wait for this person.
    """

    groups: list[tuple[Group, int | None]]
    kept: str = ""
    red: int = 0
    shifts: int = 0


def _counted(actor: Actor, asked: Asked) -> _Numbers:
    """All of it in one query."""
    narrow = (asked.rating, asked.purpose)
    for *found, kept, red, shifts in COUNTS(actor, *narrow, now=timezone.now(), **_agency(asked)):
        numbers = dict(zip((group.code for group in COUNTED), found, strict=True))
        shown = [group for group in GROUPS if group is not LEFT or numbers[LEFT.code]]
        groups = [(group, numbers.get(group.code)) for group in shown]
        return _Numbers(groups, kept or "", red, shifts)
    return _Numbers([])
