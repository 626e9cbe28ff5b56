"""The front door's inbox, grouped by what is to be done next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import Actor
from agencies.models import Agency
from agencies.permissions import Permission
from encryption.casekeys import prefetch_case_keys
from requests_app.clocks.selectors import with_clocks
from requests_app.clocks.words import say_clock
from requests_app.models import InboxPlace, InformationRequest
from requests_app.policies import PLACES
from requests_app.selectors import inbox, initials_of
from workflow.compiled import ForActor
from workflow.paging import moment, page_from, window

Status = InformationRequest.Status


@dataclass(frozen=True)
class Group:
    """One heap of the inbox: its place, its code in addresses, and its words."""

    place: int
    code: str
    title: Any
    next_step: Any


# As the database keeps a place (``places.STANDS``).
GROUPS = [
    Group(0, "triage", gettext_lazy("Waiting for triage"), gettext_lazy("Triage")),
    Group(
        1,
        "answers",
        gettext_lazy("Answers to take in"),
        gettext_lazy("Accept or refuse what was shared"),
    ),
    Group(2, "release", gettext_lazy("Ready to release"), gettext_lazy("Release to the requester")),
    Group(3, "put", gettext_lazy("Agency checks to put"), gettext_lazy("Put agency checks")),
    Group(
        4, "agencies", gettext_lazy("Waiting for agencies"), gettext_lazy("Wait for the agencies")
    ),
    Group(
        5,
        "requester",
        gettext_lazy("With the requester"),
        gettext_lazy("Wait for the requester’s answers"),
    ),
]
DONE = Group(6, "released", gettext_lazy("All released"), gettext_lazy("Nothing: all was released"))
BY_PLACE = {group.place: group for group in [*GROUPS, DONE]}
BY_CODE = {group.code: group for group in BY_PLACE.values()}
MOST = 1_000  # that are counted of one group; of more the page says that there are


@dataclass(frozen=True)
class Heap:
    """The rows of one group that are on this page."""

    group: Group
    rows: list[Any]


@dataclass(frozen=True)
class Board:
    """One page of the inbox, with the counts of every group that waits for something."""

    heaps: list[Heap]
    counts: list[dict[str, Any]]
    chosen: str
    next: str
    is_first: bool


def board(actor: Actor, *, group: str = "", after: str = "") -> Board:
    """The requests of one group, or of all that still wait for something."""
    chosen = BY_CODE.get(group)
    page = page_from(partial(ROWS, actor, chosen and chosen.place), KEY, after)
    told = zip(page.rows, _with_words(page.rows), strict=True)
    return Board(
        heaps=[
            Heap(BY_PLACE[place], [case for _row, case in some])
            for place, some in groupby(told, lambda each: each[0].place)
        ],
        counts=_counted(actor),
        chosen=chosen.code if chosen else "",
        next=_address(chosen, page.after),
        is_first=not after,
    )


def counts(actor: Actor) -> dict[str, int | str]:
    """How many requests are in each group, by its code: what the list itself counts."""
    return {each["code"]: each["count"] for each in _counted(actor)}


def _address(chosen: Group | None, after: str) -> str:
    """The query that leads to the next page; "" on the last one."""
    query = {"group": chosen.code if chosen else "", "after": after}
    return f"?{urlencode(query)}" if after else ""


def _small(token: str) -> int:
    number = int(token)
    if not 0 <= number <= DONE.place:
        raise ValueError("no such place")
    return number


# Of those that are due at the same time, the one that came first comes first.
KEY: dict[str, Callable[[str], Any]] = {
    "place": _small,
    "urgency": _small,
    "due_at": moment,
    "sent_at": moment,
    "pk": UUID,
}


def _rows(actor: Actor, chosen: int | None, **place: Any) -> "QuerySet[InboxPlace]":
    """The requests of one place, or of all in which something waits, from ``place`` on."""
    listed = {"place__lt": DONE.place} if chosen is None else {"place": chosen}
    return window(inbox(actor).filter(**listed), KEY, place)


class _Counted(Subquery):
    """How many rows there are, as far as they are counted."""

    template = "(SELECT count(*) FROM (%(subquery)s) few)"
    output_field = IntegerField()


def _counts(actor: Actor) -> "QuerySet[Any, Any]":
    """Of each group, as one row: whoever it is for, their agency is there once."""
    rows = PLACES.scope(actor, Permission.TRIAGE).values("place")
    few = [_Counted(rows.filter(place=group.place)[: MOST + 1]) for group in GROUPS]
    return Agency.objects.filter(pk=actor.agency.pk).values_list(*few)


ROWS, COUNTS = ForActor(_rows), ForActor(_counts)
LATE = ForActor(lambda actor, now: inbox(actor).filter(place=0, due_at__lt=now)[: MOST + 1])


def past_due(actor: Actor, now: datetime) -> list[Any]:
    """The requests that wait for triage and were due by ``now``, as far as they are counted."""
    return [row.case for row in LATE(actor, now=now)]


def at_most(number: int) -> int | str:
    """A number as it is said where no more than ``MOST`` are counted."""
    return number if number <= MOST else f"{MOST:,}+"


def _counted(actor: Actor) -> list[dict[str, Any]]:
    """How many are in each group, in one query for all of them."""
    return [
        {"code": group.code, "title": group.title, "count": at_most(number)}
        for found in COUNTS(actor)
        for group, number in zip(GROUPS, found, strict=True)
    ]


def _with_words(rows: list[Any]) -> list[Any]:
    """The requests with initials, what their clock says, and what is to be done next."""
    prefetch_case_keys({row.pk for row in rows})
    cases = with_clocks(row.case for row in rows)
    for row, case in zip(rows, cases, strict=True):
        case.initials = initials_of(case.subjects.all())
        case.clock_says = say_clock(case, case.clock if case.status != Status.RELEASED else None)
        case.next_step = _next_step(row)
    return cases


def _next_step(row: Any) -> str:
    step = str(BY_PLACE[row.place].next_step)
    if not row.asked:
        return step
    words = {"step": step, "answered": row.answered, "all": row.asked}
    return _("%(step)s (%(answered)s of %(all)s answered)") % words
