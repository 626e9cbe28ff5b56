"""What a leaf says: one row of evidence as canonical JSON, without names and without free text."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final
from uuid import UUID

from django.db import connection, models

from audit.models import AccessEntry, Event, Leaf

FORMAT: Final = 1
SEALED_ANEW: Final = "keys.sealed_anew"  # the move of a row whose case got another key
AT_ONCE: Final = 200  # rows in one insert
TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
CASE: Final = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HEX: Final = re.compile("([0-9a-f]{2})*")
BEYOND: Final = 10**18  # every number is below it
NO_CASE: Final = str(UUID(int=0))
NONE: Final = type(None)
SHARED: Final[dict[str, tuple[type, ...]]] = {
    **dict.fromkeys(("v", "entry"), (int,)),
    **dict.fromkeys(("kind", "at", "person", "agency", "thing", "thing_id"), (str,)),
    "case": (str, NONE),
}
# What leaves of each kind say, and of which types: a truth is no number here.
SAYS: Final[dict[str, dict[str, tuple[type, ...]]]] = {
    Leaf.Kind.CHANGE: {
        **SHARED,
        **dict.fromkeys(("move", "before", "after", "digest", "row", "commit"), (str,)),
        "version": (int,),
        "details": (dict,),
        "history": (list, NONE),
    },
    Leaf.Kind.LOOK: {**SHARED, "look": (str,), "may": (str,)},
}


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


def read(text: str) -> dict[str, Any] | None:
    """What a leaf says; None for what is none: of other names or values, or spelt otherwise.

    Whatever the one-file verifier refuses as no leaf is refused here too.
    """
    try:
        body = json.loads(text, parse_float=_refused, parse_constant=_refused)
        if not _is_in_form(body) or canonical(body) != text:
            return None
    except (ValueError, RecursionError):
        return None
    return body  # type: ignore[no-any-return]


def _refused(number: str) -> None:
    raise ValueError(number)  # a fraction could be spelt in two ways


def _is_in_form(body: Any) -> bool:
    if type(body) is not dict or type(body.get("kind")) is not str:
        return False
    says = SAYS.get(body["kind"], {})
    if body.keys() != says.keys() or body["v"] != FORMAT:
        return False
    if not all(type(body[name]) in types for name, types in says.items()):
        return False
    if not 0 <= body["entry"] < BEYOND:
        return False
    if not TIME.fullmatch(body["at"]) or not CASE.fullmatch(body["case"] or NO_CASE):
        return False
    return body["kind"] == Leaf.Kind.LOOK or _is_change(body)


def _is_change(body: dict[str, Any]) -> bool:
    """Whether what only changes say is in form: fingerprints, and where the history row is."""
    if not all(HEX.fullmatch(body[name]) for name in ("digest", "row", "commit")):
        return False
    number, *rest = body["history"] or (0, "")
    in_form = type(number) is int and [type(each) for each in rest] == [str]
    return in_form and 0 <= number < BEYOND and 0 <= body["version"] < BEYOND


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
