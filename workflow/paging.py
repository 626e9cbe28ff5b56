"""Long lists in pages, by the key of the last row seen: as quick far down as at the top.

An offset would read all that it skips, and rows that come or go would shift the pages.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

MOST = 25
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

    def ask(**place: Any) -> QuerySet[Any]:
        return window(rows, key, place, most, newest_first=newest_first)

    return page_from(ask, key, after, most)


def page_from(
    ask: Callable[..., Iterable[Any]],
    key: Mapping[str, Callable[[str], Any]],
    after: str = "",
    most: int = MOST,
) -> Page:
    """The same of a query that takes the place as its values, such as a compiled ``window``."""
    found = list(ask(**_read(after, key)))
    more = len(found) > most
    listed = found[:most]
    return Page(listed, _token(listed[-1], list(key)) if more else "")


def window(
    rows: QuerySet[Any],
    key: Iterable[str],
    place: Mapping[str, Any],
    most: int = MOST,
    *,
    newest_first: bool = False,
) -> QuerySet[Any]:
    """One row more than a page of the rows that come after ``place``, or from the top."""
    columns = list(key)
    if place:
        lookup = TupleLessThan if newest_first else TupleGreaterThan
        rows = rows.filter(lookup(Tuple(*columns), tuple(place.values())))
    order = [f"-{column}" for column in columns] if newest_first else columns
    return rows.order_by(*order)[: most + 1]


def _read(token: str, key: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """The values of a token by column; empty where it is none."""
    parts = token.rsplit(BETWEEN, len(key) - 1)  # a text that holds the mark may stand first
    if len(parts) != len(key) or "\0" in token:
        return {}
    try:
        return {name: read(part) for (name, read), part in zip(key.items(), parts, strict=True)}
    except (ValueError, OverflowError):
        return {}


def _token(row: Any, columns: list[str]) -> str:
    values = (getattr(row, column) for column in columns)
    return BETWEEN.join(
        value.isoformat() if hasattr(value, "isoformat") else str(value) for value in values
    )
