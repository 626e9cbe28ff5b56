# ruff: noqa: S608 - names that are all ours
"""In which heap of the inbox each request stands: kept by the database (docs/adr/0117)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from audit.append_only import FIXED, Statements
from audit.ledger.findings import Beside

TABLE = "requests_app_inboxplace"
BEFORE_OWNERS = ("desk_id", "place", "urgency", "due_at", "sent_at", "asked", "answered")
WITH_OWNERS = (*BEFORE_OWNERS, "owner_id")
KEEPS = (*WITH_OWNERS, "agency_id", "purposes", "late_from")
PAUSES = "requests_app_pause"  # of no table before what is late was kept
# The tables that a place hangs on: which columns, and by which of them a row names its case.
HANGS_ON = {
    "requests_app_informationrequest": (
        "id",
        (
            *("status", "rating", "desk_id", "due_at", "sent_at"),
            *("owner_id", "agency_id", "purposes"),
        ),
    ),
    "requests_app_enquiry": ("case_id", ("case_id", "status", "answered_at", "released_at")),
    "requests_app_item": ("case_id", ("enquiry_id", "status")),
    "requests_app_receipt": ("case_id", ("item_id",)),
    "requests_app_releasedanswer": ("case_id", ("enquiry_id", "release_id")),
    PAUSES: ("case_id", ("enquiry_id", "began_at", "ended_at")),
}
AS_LONG_AS_IT_TAKES = "SET LOCAL statement_timeout = 0"  # all requests there ever were
SLICES = 16  # so many statements go through all requests there ever were
# The first that holds: what the front door can do itself comes before what it waits for. An answer
# from before the column, or given anew since, was released if a release of later tells of it. What
# was withdrawn is as if nobody had asked: {2} leaves it out.
STANDS = """
SELECT c.id AS case_id, c.desk_id, CASE
    WHEN c.status = 'sent' THEN 0
    WHEN c.status = 'returned' THEN 5
    WHEN EXISTS (
        SELECT 1 FROM {0}requests_app_enquiry e JOIN {0}requests_app_item i ON i.enquiry_id = e.id
        WHERE e.case_id = c.id AND i.status = 'offered' AND NOT EXISTS (
            SELECT 1 FROM {0}requests_app_receipt r WHERE r.item_id = i.id)) THEN 1
    WHEN EXISTS (
        SELECT 1 FROM {0}requests_app_enquiry e
        WHERE e.case_id = c.id AND e.status = 'answered' AND e.released_at IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM {0}requests_app_releasedanswer a
            JOIN {0}requests_app_release r ON r.id = a.release_id
            WHERE a.enquiry_id = e.id AND r.released_at >= e.answered_at)) THEN 2
    WHEN NOT EXISTS (SELECT 1 FROM {0}requests_app_enquiry e WHERE e.case_id = c.id{2}) THEN 3
    WHEN EXISTS (
        SELECT 1 FROM {0}requests_app_enquiry e
        WHERE e.case_id = c.id AND e.status IN ('sent', 'taken')) THEN 4
    ELSE 6 END AS place,
    CASE c.rating WHEN 'red' THEN 0 WHEN 'amber' THEN 1 ELSE 2 END AS urgency,
    c.due_at, c.sent_at,
    (SELECT count(*) FROM {0}requests_app_enquiry e WHERE e.case_id = c.id{2}) AS asked,
    (SELECT count(*) FROM {0}requests_app_enquiry e
     WHERE e.case_id = c.id AND e.status = 'answered') AS answered{1}
FROM {0}requests_app_informationrequest c
WHERE c.status IN ('sent', 'returned', 'accepted', 'released')
"""
NOT_WITHDRAWN = " AND e.status <> 'withdrawn'"
# What came later, in the order of the columns. A clock that stands still since before the request
# was due makes nothing late; one that was late when it was stopped stays so. Red runs on (ADR 127).
LATER = {
    "owner_id": "c.owner_id",
    "agency_id": "c.agency_id",
    "purposes": "CAST(c.purposes AS text) AS purposes",
    "late_from": f"""CASE WHEN c.rating <> 'red' AND EXISTS (
        SELECT 1 FROM {{0}}{PAUSES} p
        WHERE p.case_id = c.id AND p.enquiry_id IS NULL AND p.ended_at IS NULL
        AND p.began_at <= c.due_at) THEN NULL ELSE c.due_at END AS late_from""",
}
# Was never sent, or is turned down.
NOWHERE = "status NOT IN ('sent', 'returned', 'accepted', 'released')"
FORGET = f"DELETE FROM {{0}}{TABLE} WHERE {{1}}"
NOT_THERE = f"case_id IN (SELECT id FROM requests_app_informationrequest WHERE {NOWHERE})"


def _stands(keeps: tuple[str, ...] = KEEPS, left_out: str = NOT_WITHDRAWN) -> str:
    """The query of all places, with these columns."""
    later = "".join(f", {LATER[name]}" for name in keeps if name in LATER)
    return STANDS.replace("{1}", later).replace("{2}", left_out)


def _keep(keeps: tuple[str, ...] = KEEPS, left_out: str = NOT_WITHDRAWN) -> str:
    """The statement that writes places as they should be, where they are not."""
    stands = _stands(keeps, left_out)
    differs = " OR ".join(
        f"{TABLE}.{name} <> excluded.{name}"
        f" OR ({TABLE}.{name} IS NULL) <> (excluded.{name} IS NULL)"
        for name in keeps
    )
    return (
        f"INSERT INTO {{0}}{TABLE} (case_id, {', '.join(keeps)}) {stands} AND {{1}}"
        f" ON CONFLICT (case_id) DO UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in keeps)}"
        f" WHERE {differs}"
    )


def _function(keep: str) -> str:
    """What the triggers of PostgreSQL call.

    As the owner of the tables: who answers one check does not see the others, on which it hangs
    too. Plans that were made while tables were small are kept, so none may read a table whole. The
    case is locked, so that of two who change parts of it the second finds what the first wrote.
    """
    return f"""
CREATE OR REPLACE FUNCTION public.portal_keeps_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {FIXED} SET enable_seqscan = off AS $body$
DECLARE
    changed uuid;
BEGIN
    IF TG_TABLE_NAME = 'requests_app_informationrequest' THEN
        changed := NEW.id;
        IF NEW.{NOWHERE} THEN
            {FORGET.format("public.", "case_id = changed")};
            RETURN NULL;
        END IF;
    ELSE
        changed := NEW.case_id;
    END IF;
    PERFORM 1 FROM public.requests_app_informationrequest WHERE id = changed FOR NO KEY UPDATE;
    {keep.format("public.", "c.id = changed")};
    RETURN NULL;
END $body$;
"""


def keeping_places() -> Statements:
    """A migration operation: triggers that keep the place of each request, and all places now."""

    def backwards(schema_editor: Any) -> None:
        _drop(schema_editor)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("DROP FUNCTION public.portal_keeps_place()", params=None)

    words = "Keep the place of each request in the inbox"

    def forwards(schema_editor: Any) -> None:
        _make(schema_editor, BEFORE_OWNERS)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(AS_LONG_AS_IT_TAKES, params=None)
        schema_editor.execute(_keep(BEFORE_OWNERS, "").format("", "true"), params=None)

    return Statements(words, forwards, backwards)


def keeping_owners() -> tuple[Statements, Statements]:
    """Two migration operations, to stand first and last: the same triggers keep owners too.

    Nobody has a request yet, so no place is worked out anew while the table is locked. On the way
    back there are no triggers while SQLite makes a table anew that they name.
    """

    def with_owners(schema_editor: Any) -> None:
        _drop(schema_editor)
        _make(schema_editor, WITH_OWNERS)

    def without(schema_editor: Any) -> None:
        _make(schema_editor, BEFORE_OWNERS)

    return (
        Statements("Keep no owners any more", lambda _editor: None, without),
        Statements("Keep who has each request", with_owners, _drop),
    )


def keeping_what_is_late() -> tuple[Statements, Statements]:
    """Two migration operations, to stand first and last: who asks, for what, and what is late too.

    There are no triggers while tables are changed, either way; all places are worked out after.
    """

    def with_all(schema_editor: Any) -> None:
        _make(schema_editor, KEEPS)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(AS_LONG_AS_IT_TAKES, params=None)
        schema_editor.execute(_keep(left_out="").format("", "true"), params=None)

    def without(schema_editor: Any) -> None:
        _make(schema_editor, WITH_OWNERS)

    return (
        Statements("Stop keeping places", _drop, without),
        Statements("Keep who asks, for what, and what is late", with_all, _drop),
    )


def leaving_out_what_is_withdrawn() -> tuple[Statements, Statements]:
    """Two migration operations, to stand first and last: a check that was withdrawn counts no more.

    None is withdrawn yet, so no place changes.
    """

    def without(schema_editor: Any) -> None:
        _make(schema_editor, KEEPS, NOT_WITHDRAWN)

    def with_all(schema_editor: Any) -> None:
        _make(schema_editor, KEEPS)

    return (
        Statements("Stop keeping places", _drop, with_all),
        Statements("Keep places without what is withdrawn", without, _drop),
    )


def _make(schema_editor: Any, keeps: tuple[str, ...], left_out: str = "") -> None:
    vendor, keep = schema_editor.connection.vendor, _keep(keeps, left_out)
    if vendor == "postgresql":
        schema_editor.execute(_function(keep), params=None)
    for statement in _triggers(vendor, keep, keeps):
        schema_editor.execute(statement, params=None)


def _drop(schema_editor: Any) -> None:
    for table in HANGS_ON:
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for event in ("insert", "update"):
            name = f"{table}_place_{event}"
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}", params=None)


def _triggers(vendor: str, keep: str, keeps: tuple[str, ...]) -> Iterator[str]:
    for table, (case, columns) in HANGS_ON.items():
        if table == PAUSES and "late_from" not in keeps:
            continue
        differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
        looked_at = (name for name in columns if name not in LATER or name in keeps)
        changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in looked_at)
        for event, when in (("INSERT", ""), ("UPDATE", f" WHEN ({changed})")):
            head = f"CREATE TRIGGER {table}_place_{event.lower()} AFTER {event} ON {table}"
            if vendor == "postgresql":
                body = "EXECUTE FUNCTION public.portal_keeps_place()"
            else:
                forget, kept = f"case_id = NEW.{case} AND {NOT_THERE}", f"c.id = NEW.{case}"
                body = f"BEGIN {FORGET.format('', forget)}; {keep.format('', kept)}; END"
            yield f"{head} FOR EACH ROW{when} {body}"


def put_right() -> int:
    """Write all places anew, where triggers could not: how many were not as they should be."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(AS_LONG_AS_IT_TAKES)
        cursor.execute(FORGET.format("", NOT_THERE))
        gone: int = cursor.rowcount
        cursor.execute(_keep().format("", "true"))
        written: int = cursor.rowcount
    return gone + written


def places_unlike_requests() -> Iterator[Beside]:
    """What ``verify_live`` says of places that are not where their requests stand."""
    same = " AND ".join(
        f"(s.{name} = p.{name} OR s.{name} IS NULL AND p.{name} IS NULL)" for name in KEEPS
    )
    found = (
        "SELECT c.reference FROM requests_app_informationrequest c"
        f" LEFT JOIN ({_stands().format('')}) s ON s.case_id = c.id"
        f" LEFT JOIN {TABLE} p ON p.case_id = c.id WHERE c.id >= %s AND c.id <= %s"
        f" AND NOT ((s.case_id IS NULL AND p.case_id IS NULL) OR coalesce({same}, false))"
    )
    width = (1 << 128) // SLICES
    with connection.cursor() as cursor:
        for first in range(0, 1 << 128, width):
            cursor.execute(found, _uuids(first, first + width - 1))
            for (reference,) in cursor.fetchall():
                yield Beside(f"Request {reference} is not in its own heap of the inbox.")


def _uuids(*numbers: int) -> list[Any]:
    is_text = not connection.features.has_native_uuid_field
    return [UUID(int=each).hex if is_text else UUID(int=each) for each in numbers]
