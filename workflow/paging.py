"""Long lists in pages, by the key of the last row seen: as quick far down as at the top.

An offset would read all that it skips, and rows that come or go would shift the pages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

MOST = 50
BETWEEN = "~"


def moment(token: str) -> datetime:
    """A time in a token; one without a zone is none."""
    found = datetime.fromisoformat(token)
    if found.tzinfo is None:
        raise ValueError("no time zone")
    return found.astimezone(UTC)  # OverflowError where the calendar ends


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the token of the page after it; "" on the last page."""

    rows: list[Any]
    after: str


def page_of(
    rows: QuerySet[Any],
    key: Mapping[str, Callable[[str], Any]],
    after: str = "",
    most: int = MOST,
    *,
    newest_first: bool = False,
) -> Page:
    """At most ``most`` rows after the one that ``after`` names, in ascending order of ``key``.

    ``key`` maps each column of the order to what reads its value back from a token; the last
    column must be unique. A token that is none begins at the top. ``newest_first`` turns the
    order of all columns round.
    """
    columns = list(key)
    if place := _read(after, key):
        rows = rows.filter(_beyond(columns, place, "lt" if newest_first else "gt"))
    order = [f"-{column}" for column in columns] if newest_first else columns
    found = list(rows.order_by(*order)[: most + 1])
    more = len(found) > most
    listed = found[:most]
    return Page(listed, _token(listed[-1], columns) if more else "")


def _beyond(columns: list[str], place: list[Any], way: str) -> Q:
    """After ``place``. The first condition says it again roughly, for the index to start at."""
    ways = [
        Q(**{f"{column}__{way}": value}) & Q(**dict(zip(columns[:n], place[:n], strict=True)))
        for n, (column, value) in enumerate(zip(columns, place, strict=True))
    ]
    return Q(**{f"{columns[0]}__{way}e": place[0]}) & reduce(or_, ways)


def _read(token: str, key: Mapping[str, Callable[[str], Any]]) -> list[Any] | None:
    parts = token.rsplit(BETWEEN, len(key) - 1)  # a text that holds the mark may stand first
    if len(parts) != len(key):
        return None
    try:
        return [read(part) for read, part in zip(key.values(), parts, strict=True)]
    except (ValueError, OverflowError):
        return None


def _token(row: Any, columns: list[str]) -> str:
    values = (getattr(row, column) for column in columns)
    return BETWEEN.join(
        value.isoformat() if hasattr(value, "isoformat") else str(value) for value in values
    )
