"""Reads what somebody may have bent: all of one moment, and what cannot be read is said."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import DatabaseError, connection, transaction
from django.db.models import Q, QuerySet

from audit.ledger.findings import Findings
from audit.ledger.leaves import LeafFault, is_filed_as, read
from audit.models import Leaf
from encryption.fingerprints import PLAIN, UNDER_CASE, UNDER_REGISTER

CHUNK: Final = 500
# What a leaf says of its row: under a key, and as before there were keys (docs/adr/0095).
_ONE: Final = f"[0-9a-f]{{{PLAIN}}}"
KEYED: Final = f'"row":"({UNDER_CASE}{_ONE}{_ONE}|{UNDER_REGISTER}{_ONE})"'
UNKEYED: Final = f'"row":"{_ONE}"'
# What a driver says of a time after the year 9999 and its like, which SQL can put in a column.
UNREADABLE: Final = (DatabaseError, ValueError, OverflowError)


@contextmanager
def of_one_moment() -> Iterator[None]:
    """Let all that is read within be as it was at one moment: what people write is no finding."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield  # SQLite would keep everybody else from writing meanwhile
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def filed(kind: str, found: Findings) -> Iterator[list[dict[str, Any]]]:
    """What the leaves of one kind say, some at a time, in the order of their entries.

    Only ``body`` is signed. The columns by which a leaf is found must say the same, or whoever
    owns the database could put leaves aside, or in another order, and none would be missing.
    """
    sound = Leaf.objects.sound().filter(kind=kind)
    leaves = sound.order_by("entry").values_list("pk", "entry", "body")
    last = None
    for some in _chunks(leaves.iterator(chunk_size=CHUNK)):
        said = []
        for pk, entry, text in some:
            body = read_or_say(text, f"Leaf {pk}", found)
            if body and (body["kind"], body["entry"]) != (kind, entry):
                found.add(f"Leaf {pk} of the ledger does not say what it is filed as.")
            elif entry == last:
                found.add(f"Leaf {pk} of the ledger is not the only one of its entry.")
            elif body:
                said.append(body)
            last = entry
        yield said


def read_or_say(text: str, which: str, found: Findings) -> dict[str, Any] | None:
    """What this leaf says; None, and a finding, where it is none."""
    try:
        return read(text)
    except LeafFault:
        found.add(f"{which} of the ledger is not a leaf in canonical JSON.")
        return None


def hold_set_aside(found: Findings) -> None:
    """Count what was set aside; what is a leaf after all was kept out of the ledger by somebody."""
    leaves = Leaf.objects.exclude(set_aside=None).order_by("pk")
    for pk, kind, entry, body in leaves.values_list("pk", "kind", "entry", "body").iterator():
        found.set_aside += 1
        if is_filed_as(kind, entry, body):
            found.add(f"Leaf {pk} of the ledger was set aside and is one.")


def hold_kinds(found: Findings) -> None:
    """A leaf of another kind is looked at by nobody."""
    others = Leaf.objects.sound().exclude(kind__in=Leaf.Kind.values).order_by("pk")
    for pk in others.values_list("pk", flat=True).iterator():
        found.add(f"Leaf {pk} of the ledger does not say what it is filed as.")


def hold_keyed(found: Findings) -> None:
    """A leaf under no key, behind the first that has a place and is under one, was made up.

    Whoever has the tables and no ring could say by it what they like of a row (ADR 95). The place
    is what counts: it is signed, and the numbers are whose the tables are.
    """
    sound = Leaf.objects.sound().filter(kind=Leaf.Kind.CHANGE)
    keyed = sound.exclude(leaf_index=None).filter(body__regex=KEYED).order_by("leaf_index")
    first = keyed.values_list("leaf_index", flat=True).first()
    if first is None:
        return
    behind = sound.filter(Q(leaf_index=None) | Q(leaf_index__gt=first), body__regex=UNKEYED)
    for pk, body in behind.order_by("pk").values_list("pk", "body").iterator():
        found.add(f"Leaf {pk} of the ledger is under no key, and those before it are.", body)


def some_rows(rows: QuerySet[Any]) -> Iterator[list[tuple[Any, Any]]]:
    """Every row by its key, in the order of keys, some at a time; None for what is unreadable."""
    rows = rows.order_by("pk")
    some = _first(rows)
    while some:
        yield some
        # One question is enough for a table that is no longer than it.
        some = _first(rows.filter(pk__gt=some[-1][0])) if len(some) == CHUNK else []


def _first(rows: QuerySet[Any]) -> list[tuple[Any, Any]]:
    try:
        return [(row.pk, row) for row in rows[:CHUNK]]
    except UNREADABLE:
        keys = list(rows.values_list("pk", flat=True)[:CHUNK])
        return [pair for key in keys for pair in _one(rows, key)]


def in_bulk(rows: QuerySet[Any], keys: list[Any]) -> dict[Any, Any]:
    """The rows of these keys that are there; None for one that cannot be read."""
    try:
        return rows.in_bulk(keys)
    except UNREADABLE:
        return {key: row for one in keys for key, row in _one(rows, one)}


def _one(rows: QuerySet[Any], key: Any) -> Iterable[tuple[Any, Any]]:
    try:
        return rows.in_bulk([key]).items()
    except UNREADABLE:
        return [(key, None)]


def _chunks(many: Iterator[Any]) -> Iterator[list[Any]]:
    some: list[Any] = []
    for one in many:
        some.append(one)
        if len(some) == CHUNK:
            yield some
            some = []
    yield some
