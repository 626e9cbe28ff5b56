"""What a leaf says: one row of evidence as canonical JSON, without names and without free text."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final

from django.db import connection, models

from audit.models import AccessEntry, Event, Leaf

FORMAT: Final = 1
SEALED_ANEW: Final = "keys.sealed_anew"  # the transition of a row whose case got another key
AT_ONCE: Final = 200  # rows in one insert
ENCODER: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":"))
# Of a fraction and of NaN, int() raises what JSON raises of anything else.
DECODER: Final = json.JSONDecoder(parse_float=int, parse_constant=int)

# The one-file verifier knows the same forms by itself, and says no to an export with any other.
LONGEST: Final = 1 << 20  # letters, with the end of the line
LARGEST: Final = 10**18
DEEPEST: Final = 8  # levels of details, with what stands in the innermost
TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
CASE: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HEX: Final = re.compile(r"([0-9a-f]{2})*")


class LeafFault(Exception):
    """What stands where a leaf should is none."""


def note_change(event: Event, thing: models.Model, *, row: str, commitment: str) -> None:
    """Put a change into the ledger, with fingerprints of the row as it is now stored."""
    written = getattr(thing, "_history_written", None)
    body = said_of_change(event, written, row=row, commitment=commitment)
    _add([("change", event.pk, canonical(body))])


def said_of_change(
    event: Event, written: tuple[int | None, datetime] | None, *, row: str, commitment: str
) -> dict[str, Any]:
    """What the leaf of a change says; ``written`` are number and time of its history row."""
    return {
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


def note_reading(entries: Iterable[AccessEntry]) -> None:
    """Put readings, or refusals to let somebody read, into the ledger."""
    rows = [("look", entry.pk, canonical(said_of_reading(entry))) for entry in entries]
    for at in range(0, len(rows), AT_ONCE):
        _add(rows[at : at + AT_ONCE])


def said_of_reading(entry: AccessEntry) -> dict[str, Any]:
    """What the leaf of a reading says."""
    shared = _shared(entry, Leaf.Kind.LOOK)
    return {**shared, "look": str(entry.kind), "may": str(entry.may)}


def canonical(body: dict[str, Any]) -> str:
    """The one way to write this as JSON: keys sorted, ASCII, nothing between."""
    return ENCODER.encode(body)


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


def read(text: str) -> dict[str, Any]:
    """What a leaf says, of the kind that it names. Raises LeafFault.

    A leaf has the names of its kind and no other, each with a value in form, and one spelling: so
    no name is there twice, and two readers cannot read two things.
    """
    try:
        said = DECODER.decode(text)
        if _is_in_form(said) and canonical(said) == text and len(text) < LONGEST:
            return dict(said)
    except (ValueError, RecursionError):
        pass
    raise LeafFault


def is_filed_as(kind: str, entry: int, text: str) -> bool:
    """Whether this is a leaf, and says of itself what it is filed as."""
    try:
        said = read(text)
    except LeafFault:
        return False
    return (said["kind"], said["entry"]) == (kind, entry)


def _is_in_form(said: Any) -> bool:
    if not isinstance(said, dict) or not _is_text(said.get("kind")):
        return False
    form = FORMS.get(said["kind"], {})
    return said.keys() == form.keys() and all(fits(said[name]) for name, fits in form.items())


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value < LARGEST  # True is an int too


def _is_format(value: Any) -> bool:
    return _is_number(value) and value == FORMAT


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and bool(TIME.fullmatch(value))


def _is_case(value: Any) -> bool:
    return value is None or (isinstance(value, str) and bool(CASE.fullmatch(value)))


def _is_hex(value: Any) -> bool:
    return isinstance(value, str) and bool(HEX.fullmatch(value))


def _is_history(value: Any) -> bool:
    if value is None:
        return True
    pair = isinstance(value, list) and len(value) == len(("number", "time"))
    return pair and _is_number(value[0]) and _is_time(value[1])


def _is_details(value: Any) -> bool:
    return isinstance(value, dict) and _is_shallow(value, DEEPEST)


def _is_shallow(value: Any, levels: int) -> bool:
    """How deep one can read is a matter of the reader; this is the same for every one."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_shallow(each, levels - 1) for each in inner)


Form = dict[str, Callable[[Any], bool]]
SHARED: Final[Form] = {
    "v": _is_format,
    "entry": _is_number,
    "at": _is_time,
    "case": _is_case,
    **dict.fromkeys(("kind", "person", "agency", "thing", "thing_id"), _is_text),
}
FORMS: Final[dict[str, Form]] = {
    Leaf.Kind.CHANGE: {
        **SHARED,
        **dict.fromkeys(("move", "before", "after"), _is_text),
        **dict.fromkeys(("digest", "row", "commit"), _is_hex),
        "version": _is_number,
        "details": _is_details,
        "history": _is_history,
    },
    Leaf.Kind.LOOK: {**SHARED, **dict.fromkeys(("look", "may"), _is_text)},
}
