"""Rows sealed anew under a newer key of their case: the one way past frozen rows, and its record.

What a row says stays; only the bytes of its sealed columns change. So it gets no new version, but
an event and a leaf with the new fingerprint, which name the one before (docs/adr/0069).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from audit.ledger.leaves import SEALED_ANEW, note_change
from audit.models import Event
from audit.names import thing_of
from encryption.fingerprints import commitment, plain, row_fingerprint
from encryption.models import raw_values, sealed_digest


@contextmanager
def sealing_anew(model: type[models.Model]) -> Iterator[None]:
    """A transaction in which the owner of the table may put newer sealed bytes in frozen rows.

    PostgreSQL lets nothing else of them change. SQLite, which has no such settings and is for
    looking at alone, does without the triggers of that table until the transaction ends.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL portal.sealing_anew = 'on'")
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL portal.sealing_anew = 'off'")
        else:
            triggers = _triggers(model._meta.db_table)
            _execute(f"DROP TRIGGER {name}" for name in triggers)
            yield
            _execute(triggers.values())


def note_sealed_anew(row: Any, *, was: str, generation: int) -> Event:
    """Write down that a row, or a row of history, was sealed anew; ``was`` is its old digest."""
    tracked: type[models.Model] = getattr(type(row), "instance_type", type(row))
    status = getattr(row, "status", "")
    event = Event.objects.create(
        move=SEALED_ANEW,
        person="",
        agency="",
        case_id=getattr(row, "case_id", row.id),
        thing=thing_of(row),
        thing_id=str(row.pk),
        before=status,
        after=status,
        digest=sealed_digest(row),
        version=row.version,
        details={"was": was, "generation": generation},
    )
    fingerprint = row_fingerprint(plain(tracked, raw_values(row)), event.case_id)
    note_change(event, row, row=fingerprint, commitment=commitment(row))
    return event


def _triggers(table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
            " AND (name LIKE '%%_frozen_update' OR name LIKE '%%_settled_update')",
            [table],
        )
        return dict(cursor.fetchall())


def _execute(statements: Any) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
