"""The front door's inbox, grouped by what is to be done next."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import Actor
from encryption.casekeys import prefetch_case_keys
from requests_app.clocks.selectors import with_clocks
from requests_app.clocks.words import say_clock
from requests_app.models import AgencyCheck, InformationRequest
from requests_app.readiness import HAS_SOMETHING_TO_TAKE_IN, NOT_YET_RELEASED, RELEASABLE
from requests_app.selectors import inbox, initials_of, waiting
from workflow.compiled import ForActor
from workflow.paging import moment, page_from, window

Status = InformationRequest.Status

CHECKS = AgencyCheck.objects.filter(case=OuterRef("pk"))
AT_WORK = Q(status__in=InformationRequest.AT_WORK)


@dataclass(frozen=True)
class Group:
    """One heap of the inbox: its place, its code in addresses, and its words."""

    place: int
    code: str
    title: Any
    next_step: Any
    condition: Any


# The first whose condition holds is where a request stands: what the front door can do itself
# comes before what it waits for.
GROUPS = [
    Group(
        0, "triage", gettext_lazy("Waiting for triage"), gettext_lazy("Triage"), Q(status="sent")
    ),
    Group(
        1,
        "answers",
        gettext_lazy("Answers to take in"),
        gettext_lazy("Accept or refuse what was shared"),
        AT_WORK & Exists(CHECKS.filter(HAS_SOMETHING_TO_TAKE_IN)),
    ),
    Group(
        2,
        "release",
        gettext_lazy("Ready to release"),
        gettext_lazy("Release to the requester"),
        AT_WORK & Exists(CHECKS.filter(RELEASABLE, NOT_YET_RELEASED)),
    ),
    Group(
        3,
        "put",
        gettext_lazy("Agency checks to put"),
        gettext_lazy("Put agency checks"),
        AT_WORK & ~Exists(CHECKS),
    ),
    Group(
        4,
        "agencies",
        gettext_lazy("Waiting for agencies"),
        gettext_lazy("Wait for the agencies"),
        AT_WORK & Exists(CHECKS.filter(status__in=AgencyCheck.OPEN)),
    ),
    Group(
        5,
        "requester",
        gettext_lazy("With the requester"),
        gettext_lazy("Wait for the requester’s answers"),
        Q(status=Status.RETURNED),
    ),
]
DONE = Group(
    6, "released", gettext_lazy("All released"), gettext_lazy("Nothing: all was released"), Q()
)
BY_PLACE = {group.place: group for group in [*GROUPS, DONE]}
BY_CODE = {group.code: group for group in BY_PLACE.values()}
PLACE = Case(
    *(When(group.condition, then=Value(group.place)) for group in GROUPS),
    default=Value(DONE.place),
    output_field=IntegerField(),
)


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
    told = _with_words(page.rows)
    return Board(
        heaps=[
            Heap(BY_PLACE[place], list(some)) for place, some in groupby(told, lambda r: r.place)
        ],
        counts=_counted(actor),
        chosen=chosen.code if chosen else "",
        next=_address(chosen, page.after),
        is_first=not after,
    )


def counts(actor: Actor) -> dict[str, int]:
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


def _open_ones(actor: Actor) -> "QuerySet[Any]":
    return waiting(actor).annotate(place=PLACE).exclude(place=DONE.place)


def _rows(actor: Actor, chosen: int | None, **place: Any) -> "QuerySet[Any]":
    """The requests of one place, or of all in which something waits, from ``place`` on."""
    rows = inbox(actor).annotate(place=PLACE) if chosen == DONE.place else _open_ones(actor)
    listed = rows if chosen is None else rows.filter(place=chosen)
    return window(listed.prefetch_related("agency_checks"), KEY, place)


ROWS = ForActor(_rows)
COUNTS = ForActor(
    lambda actor: _open_ones(actor).order_by().values_list("place").annotate(Count("pk"))
)


def _counted(actor: Actor) -> list[dict[str, Any]]:
    """How many are in each group, in one query for all of them."""
    found = dict(COUNTS(actor))
    return [
        {"code": each.code, "title": each.title, "count": number, "none": not number}
        for each in GROUPS
        for number in [found.get(each.place, 0)]
    ]


def _with_words(rows: list[Any]) -> list[Any]:
    """The rows with initials, what their clock says, and what is to be done next."""
    prefetch_case_keys({row.pk for row in rows})
    for row in with_clocks(rows):
        row.initials = initials_of(row.subjects.all())
        row.clock_says = say_clock(row, row.clock if row.status != Status.RELEASED else None)
        row.next_step = _next_step(row)
    return rows


def _next_step(row: Any) -> str:
    step = str(BY_PLACE[row.place].next_step)
    checks = row.agency_checks.all()
    if not checks:
        return step
    answered = sum(check.status == AgencyCheck.Status.ANSWERED for check in checks)
    words = {"step": step, "answered": answered, "all": len(checks)}
    return _("%(step)s (%(answered)s of %(all)s answered)") % words
