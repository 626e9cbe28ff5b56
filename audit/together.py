"""Entries of evidence, their leaves and the history rows beside them, in one statement.

A leaf names the number of its entry and that of the history row, which PostgreSQL gives out as it
adds the rows: so it puts them into the leaves itself. Each kind of row is numbered in the order in
which it is given here, so the n-th number belongs to the n-th row (docs/adr/0116).
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Final

from django.db import connection, models

from audit.ledger.leaves import canonical
from audit.models import AccessEntry, Event, Leaf

ENTRY: Final = '"entry":null,'
HISTORY: Final = '"history":[null,'
NO_HISTORY: Final = -1  # which table of histories, of an entry that has none


@dataclass(frozen=True)
class Unwritten:
    """One entry that is not written yet, what its leaf says, and the history row beside it."""

    entry: Event | AccessEntry
    said: dict[str, Any]
    history: models.Model | None = None


def write_together(rows: list[Unwritten]) -> None:
    """Write all of them; the entries are of one kind."""
    histories: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    said, params = [], list[Any]()
    for place, row in enumerate(rows, 1):
        table, number = NO_HISTORY, 0
        if row.history is not None:
            histories[type(row.history)].append(row.history)
            table, number = [*histories].index(type(row.history)), len(histories[type(row.history)])
        said.append("(%s, %s, %s, %s, %s, %s)")
        params += [place, table, number, *_around_the_numbers(row)]
    inserts: list[tuple[str, list[Any]]] = [("entries", [row.entry for row in rows])]
    inserts += [(f"history_{table}", each) for table, each in enumerate(histories.values())]
    written = [_insert(name, each) for name, each in inserts]
    numbered = (
        " UNION ALL ".join(
            f"SELECT {table} AS kept, history_id AS written,"  # noqa: S608 - numbers of our own
            f" row_number() OVER (ORDER BY history_id) AS number FROM history_{table}"
            for table in range(len(histories))
        )
        or "SELECT NULL::int AS kept, NULL::int AS written, NULL::int AS number"
    )
    sql = (
        f"WITH {', '.join(text for text, _values in written)},"  # noqa: S608 - our own names
        " numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS place FROM entries),"
        f" histories AS ({numbered}),"
        f" said (place, kept, number, head, middle, tail) AS (VALUES {', '.join(said)})"
        f" INSERT INTO {Leaf._meta.db_table} (kind, entry, body)"
        " SELECT %s, id, concat(head, id, middle, written, tail)"
        " FROM said JOIN numbered USING (place) LEFT JOIN histories USING (kept, number)"
        " ORDER BY place"
    )
    values = chain.from_iterable(values for _text, values in written)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *params, rows[0].said["kind"]])
        if cursor.rowcount != len(rows):
            raise RuntimeError("There is an entry without its leaf.")


def _around_the_numbers(row: Unwritten) -> tuple[str, str, str]:
    """The leaf before the number of the entry, up to that of the history, and after it."""
    # The details come before these, and what comes after holds texts, whose marks are escaped.
    head, gap, tail = canonical(row.said).rpartition(ENTRY)
    head += gap.removesuffix("null,")
    if row.history is None:
        return head, "", f",{tail}"
    return head, f",{HISTORY.removesuffix('null,')}", f",{tail.removeprefix(HISTORY)}"


def _insert(name: str, rows: list[Any]) -> tuple[str, list[Any]]:
    """A part of the statement that adds rows of one table and gives their numbers."""
    model: type[models.Model] = type(rows[0])
    columns, fields = _columns(model)
    each = f"({', '.join(['%s'] * len(fields))})"
    sql = (
        f"{name} AS (INSERT INTO {model._meta.db_table} ({columns})"  # noqa: S608 - our own names
        f" VALUES {', '.join([each] * len(rows))} RETURNING {model._meta.pk.column})"
    )
    # What is sealed stays sealed: an attribute would open it.
    values = [
        field.get_db_prep_save(row.__dict__[field.attname], connection)
        for row in rows
        for field in fields
    ]
    return sql, values


@cache
def _columns(model: type[models.Model]) -> tuple[str, list[Any]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return ", ".join(f'"{field.column}"' for field in fields), fields
