"""What a request is made of, as its pages ask for it: all that one shows in one statement."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from agencies.models import Agency, User
from audit.selectors import events_of
from requests_app.models import (
    Attachment,
    Clarification,
    Consent,
    InformationRequest,
    Need,
    Pause,
    Subject,
)
from workflow.prepared import Query
from workflow.related import hang, hung
from workflow.together import Rows, Together

NEWEST: Final = 25  # events of a history that a page shows; a link leads to those before
LATEST: Final = 2**63 - 1
DIGITS: Final = 19  # of a number that is too large
# For ``Together``, of which each page asks what it shows.
PARTS: Final[dict[str, Query]] = {
    "subjects": lambda case: Subject.objects.filter(case=case, status=Subject.Status.CURRENT),
    "consent": lambda case: Consent.objects.filter(case=case),
    "needs": lambda case: Need.objects.filter(case=case, status=Need.Status.CURRENT),
    "attachments": lambda case: Attachment.objects.filter(case=case, status=Attachment.Status.KEPT),
    "clarifications": lambda case: Clarification.objects.filter(case=case),
    "pauses": lambda case: Pause.objects.filter(case=case),
}


def events(told: Q, most: int | None = NEWEST + 1) -> Callable[[Any, int], QuerySet[Any]]:
    """Of what happened to a request and is ``told``, the latest before some event."""

    def query(case: Any, before: int) -> QuerySet[Any]:
        return events_of(case).filter(told, pk__lt=before).order_by("-id")[:most]

    return query


def read_with(case: InformationRequest, whole: Together, *names: str, **values: Any) -> Rows:
    """What the page of a request shows of it; its ``PARTS`` are kept on it too."""
    found = whole(*names, case=case.pk, **values)
    for name in PARTS.keys() & found.keys():
        hang([case], name, found[name])
    return found


def part_of(case: InformationRequest, name: str) -> list[Any]:
    """One of the ``PARTS``, as it was read with the others or by itself."""
    found = hung(case, name)
    return _WHOLE(name, case=case.pk)[name] if found is None else found


def all_parts_of(case: InformationRequest) -> Rows:
    """All of them, likewise: in one statement, unless a page has read them."""
    found = {name: hung(case, name) for name in PARTS}
    if any(rows is None for rows in found.values()):
        return _WHOLE(case=case.pk)
    return {name: rows or [] for name, rows in found.items()}


_WHOLE = Together(**PARTS)
_NAMED = Together(
    people=lambda people: User.objects.filter(pk__any_of=people),
    agencies=lambda agencies: Agency.objects.filter(pk__any_of=agencies),
)


def names_of(events: Iterable[Any], *kinds: str) -> dict[str, Any]:
    """The ``people`` and ``agencies`` that made these events, or one of the two, by their ids."""
    events = list(events)
    people = {e.person for e in events} | {e.details.get("to", "") for e in events}
    asked = {"people": people, "agencies": {e.agency for e in events}}
    ids: dict[str, Any] = {kind: [UUID(key) for key in keys if key] for kind, keys in asked.items()}
    found = _NAMED(*kinds, **ids)
    return {str(row.pk): row for row in chain.from_iterable(found.values())}


def before(asked: str) -> int:
    """Where a page of events begins: all of them where nothing was asked, or no number."""
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < DIGITS else LATEST


def newest_of(events: list[Any]) -> tuple[list[Any], int]:
    """Those that a page shows, and where those before begin; 0 where there are none."""
    shown = events[:NEWEST]
    return shown, shown[-1].pk if len(events) > NEWEST else 0
