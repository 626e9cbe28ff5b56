"""What a leaf says: one row of evidence as canonical JSON, without names and without free text."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final

from django.db import connection, models

from audit.models import AccessEntry, Event, Leaf

FORMAT: Final = 1
SEALED_ANEW: Final = "keys.sealed_anew"  # the move of a row whose case got another key
AT_ONCE: Final = 200  # rows in one insert


def note_change(event: Event, thing: models.Model, *, row: str, commitment: str) -> None:
    """Put a change into the ledger, with fingerprints of the row as it is now stored."""
    written = getattr(thing, "_history_written", None)
    body = {
        **_shared(event, Leaf.Kind.CHANGE),
        "move": event.move,
        "before": event.before,
        "after": event.after,
        "version": event.version,
        "digest": event.digest,
        "details": event.details,
        "row": row,
        "commit": commitment,
        "history": [written[0], moment(written[1])] if written else None,
    }
    _add([("change", event.pk, canonical(body))])


def note_reading(entries: Iterable[AccessEntry]) -> None:
    """Put readings, or refusals to let somebody read, into the ledger."""
    rows = [("look", entry.pk, canonical(_reading(entry))) for entry in entries]
    for at in range(0, len(rows), AT_ONCE):
        _add(rows[at : at + AT_ONCE])


def _reading(entry: AccessEntry) -> dict[str, Any]:
    shared = _shared(entry, Leaf.Kind.LOOK)
    return {**shared, "look": str(entry.kind), "may": str(entry.may)}


def canonical(body: dict[str, Any]) -> str:
    """The one way to write this as JSON: keys sorted, ASCII, nothing between."""
    return json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def moment(when: datetime) -> str:
    """A time to the microsecond, in UTC."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def shared_by_all(entry: Event | AccessEntry) -> dict[str, Any]:
    """What leaves of both kinds say."""
    return {
        "entry": entry.pk,
        "at": moment(entry.at),
        "person": entry.person,
        "agency": entry.agency,
        "case": str(entry.case_id) if entry.case_id else None,
        "thing": entry.thing,
        "thing_id": entry.thing_id,
    }


def _shared(entry: Event | AccessEntry, kind: str) -> dict[str, Any]:
    return {"v": FORMAT, "kind": str(kind), **shared_by_all(entry)}


def _add(rows: list[tuple[str, int, str]]) -> None:
    """One plain insert: asking for the new ids back would need the right to read them."""
    columns = f"INSERT INTO {Leaf._meta.db_table} (kind, entry, body) VALUES "  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            columns + ", ".join(["(%s, %s, %s)"] * len(rows)), list(chain.from_iterable(rows))
        )
