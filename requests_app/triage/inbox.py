"""The front door's desk: what is to be done, the most urgent first, and who has it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.acting import Actor
from agencies.grants import people_who
from agencies.models import Agency, Membership
from agencies.permissions import Permission
from encryption.casekeys import prefetch_case_keys
from requests_app.choices import Rating
from requests_app.models import InboxPlace
from requests_app.policies import PLACES
from requests_app.selectors import inbox
from requests_app.triage.rows import Row, row_of
from workflow.compiled import ForActor
from workflow.gateway import fetch_all
from workflow.paging import moment, page_from, window


@dataclass(frozen=True)
class Group:
    """One choice of the list: its code in addresses, its words, and which places it holds."""

    code: str
    title: Any
    places: tuple[int, ...]
    next_step: Any = ""


# As the database keeps a place (``places.STANDS``).
STEPS: Final = (
    Group("triage", _("Triage"), (0,), _("Triage")),
    Group("answers", _("Answers to review"), (1,), _("Review answers")),
    Group("release", _("Ready to release"), (2,), _("Release")),
    Group("put", _("Checks to send"), (3,), _("Send checks")),
    Group("agencies", _("Waiting for agencies"), (4,), _("Wait for the agencies")),
    Group("requester", _("With the requester"), (5,), _("Wait for the requester’s answers")),
    Group("released", _("Released"), (6,), _("Nothing: all was released")),
)
TO_DO: Final = Group("", _("To do now"), (0, 1, 2, 3))
OPEN: Final = (0, 1, 2, 3, 4, 5)
LATE = Group("late", _("Late"), OPEN)
MINE = Group("mine", _("Mine"), OPEN)
NOBODYS = Group("nobody", _("Nobody’s"), OPEN)
LEFT = Group("left", _("Owner has left"), OPEN)
GROUPS: Final = (TO_DO, *STEPS[:4], LATE, MINE, NOBODYS, LEFT, *STEPS[4:])
BY_CODE: Final = {group.code: group for group in GROUPS if group.code}
NOT_COUNTED: Final = {"released"}
MOST = 1_000  # that are counted of one group; of more the page says that there are
RATED: Final = {rating.value: number for number, rating in enumerate(Rating)}


@dataclass(frozen=True)
class Chip:
    """A group as the page offers it."""

    group: Group
    count: int | str | None
    address: str
    chosen: bool


@dataclass(frozen=True)
class Board:
    """One page of the desk."""

    rows: list[Row]
    chips: list[Chip]
    chosen: Group
    sorts: dict[str, dict[str, str]]
    ratings: list[dict[str, Any]]
    address: str
    next: str
    is_first: bool
    at: datetime


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list; whatever it names that is not there it asks nothing."""

    group: Group = TO_DO
    sort: str = ""
    rating: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "Asked":
        """Read from an address."""
        sort, rating = said.get("sort", ""), said.get("rating", "")
        return cls(
            BY_CODE.get(said.get("group", ""), TO_DO),
            sort if sort in KEYS else "",
            rating if rating in RATED else "",
        )

    def address(self, **other: str) -> str:
        """The query of an address that asks the same, but for what is ``other``."""
        said = {"group": self.group.code, "sort": self.sort, "rating": self.rating} | other
        return f"?{urlencode({name: value for name, value in said.items() if value})}"


def _small(token: str) -> int:
    number = int(token)
    if not 0 <= number < len(STEPS):
        raise ValueError("no such place")
    return number


# Of those that are due at the same time, the one that came first comes first.
KEYS: Final[Mapping[str, Mapping[str, Callable[[str], Any]]]] = {
    "": {"urgency": _small, "due_at": moment, "sent_at": moment, "pk": UUID},
    "due": {"due_at": moment, "sent_at": moment, "pk": UUID},
    "came": {"sent_at": moment, "pk": UUID},
}


def board(actor: Actor, said: Mapping[str, str]) -> Board:
    """The requests that an address asks for; those of one's own by name, which is a reading."""
    at = timezone.now()  # before the rows are read, so that what comes in meanwhile is new
    asked, after = Asked.of(said), said.get("after", "")
    now: dict[str, Any] = {"now": timezone.now()} if asked.group is LATE else {}
    shape = (actor, asked.group.code, asked.sort, asked.rating)
    page = page_from(partial(ROWS, *shape, **now), KEYS[asked.sort], after)
    prefetch_case_keys({row.pk for row in page.rows})
    own = [row.case for row in page.rows if row.owner_id == actor.user.pk]
    if own:
        fetch_all(actor, Permission.TRIAGE, own)
    return Board(
        rows=[row_of(row, STEPS[row.place].next_step, actor) for row in page.rows],
        chips=[_chip(asked, *each) for each in _counted(actor)],
        chosen=asked.group,
        sorts={each or "urgency": _sort(asked, each) for each in KEYS},
        ratings=_ratings(asked),
        address=asked.address(),
        next=asked.address(after=page.after) if page.after else "",
        is_first=not after,
        at=at,
    )


def news(actor: Actor, since: str) -> dict[str, Any]:
    """What a desk that is looked at asks again: its counts, and how many came in since then.

    It names no request, so it is no reading.
    """
    try:
        came = len(NEWS(actor, since=moment(since)))
    except (ValueError, OverflowError):
        came = 0
    said = {group.code or "todo": at_most(count or 0) for group, count in _counted(actor)}
    return {"new": at_most(came), "counts": said}


def _chip(asked: Asked, group: Group, count: int | None) -> Chip:
    chosen = group is asked.group
    return Chip(
        group,
        None if count is None else at_most(count),
        asked.address(group=group.code),
        chosen,
    )


def _sort(asked: Asked, sort: str) -> dict[str, str]:
    order = "ascending" if asked.sort == sort else ""
    return {"href": asked.address(sort=sort), "order": order}


def _ratings(asked: Asked) -> list[dict[str, Any]]:
    said = [("", _("Any rating")), *Rating.choices]
    return [
        {"title": title, "address": asked.address(rating=code), "chosen": code == asked.rating}
        for code, title in said
    ]


def counts(actor: Actor) -> dict[str, int | str]:
    """How many requests are in each group, by its code: what the list itself counts."""
    return {group.code: at_most(count or 0) for group, count in _counted(actor)}


def _narrowed(
    rows: "QuerySet[Any, Any]", group: Group, actor: Actor, now: datetime | None
) -> "QuerySet[Any, Any]":
    """The rows of one group. Indexes begin with what each asks (``InboxPlace.Meta``)."""
    if len(group.places) == 1:
        return rows.filter(place=group.places[0])
    rows = rows.filter(place__lt=len(group.places))
    if group is MINE:
        return rows.filter(owner=actor.user.pk)
    if group is NOBODYS:
        return rows.filter(owner=None)
    if group is LEFT:
        return rows.filter(_has_left(actor))
    return rows.filter(due_at__lt=now) if group is LATE else rows


def _has_left(actor: Actor) -> Q:
    """Owners who may no longer triage there: of those who belong or belonged to the front door."""
    here = people_who(Permission.TRIAGE, actor.agency.pk).values("pk")
    belong = Membership.objects.filter(agency=actor.agency.pk).exclude(user__in=here)
    return Q(owner__in=belong.values("user"))


def _rows(
    actor: Actor, code: str, sort: str, rating: str, now: Any = None, **place: Any
) -> "QuerySet[InboxPlace]":
    """The requests of one group from ``place`` on, each with whether its owner is still there."""
    rows = _narrowed(inbox(actor), BY_CODE.get(code, TO_DO), actor, now)
    if rating:
        rows = rows.filter(urgency=RATED[rating])
    here = people_who(Permission.TRIAGE, actor.agency.pk).filter(pk=OuterRef("owner"))
    return window(rows.annotate(owner_is_here=Exists(here)), KEYS[sort], place)


class _Counted(Subquery):
    """How many rows there are, as far as they are counted."""

    template = "(SELECT count(*) FROM (%(subquery)s) few)"
    output_field = IntegerField()


COUNTED: Final = [group for group in GROUPS if group.code not in NOT_COUNTED]


def _counts(actor: Actor, now: datetime) -> "QuerySet[Any, Any]":
    """Of each group, as one row: whoever it is for, their agency is there once."""
    rows = PLACES.scope(actor, Permission.TRIAGE).values("place")
    few = [_Counted(_narrowed(rows, group, actor, now)[: MOST + 1]) for group in COUNTED]
    return Agency.objects.filter(pk=actor.agency.pk).values_list(*few)


def _news(actor: Actor, since: datetime) -> "QuerySet[Any, Any]":
    """What came in since then, as far as it is counted."""
    rows = PLACES.scope(actor, Permission.TRIAGE).filter(place__lt=len(OPEN), sent_at__gt=since)
    return rows.values_list("pk")[: MOST + 1]


ROWS, COUNTS, NEWS = ForActor(_rows), ForActor(_counts), ForActor(_news)
PAST_DUE = ForActor(lambda actor, now: inbox(actor).filter(place=0, due_at__lt=now)[: MOST + 1])


def past_due(actor: Actor, now: datetime) -> list[Any]:
    """The requests that wait for triage and were due by ``now``, as far as they are counted."""
    return [row.case for row in PAST_DUE(actor, now=now)]


def at_most(number: int) -> int | str:
    """A number as it is said where no more than ``MOST`` are counted."""
    return number if number <= MOST else f"{MOST:,}+"


def _counted(actor: Actor) -> Iterable[tuple[Group, int | None]]:
    """Each group and how many are in it, in one query; those whose owner left if there are any."""
    for found in COUNTS(actor, now=timezone.now()):
        numbers = dict(zip((group.code for group in COUNTED), found, strict=True))
        for group in GROUPS:
            if group is not LEFT or numbers[LEFT.code]:
                yield group, numbers.get(group.code)
