"""The two ways to write evidence; only the doors of the workflow call them."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from audit.ledger.leaves import (
    AT_ONCE,
    note_change,
    note_reading,
    said_of_change,
    said_of_reading,
)
from audit.models import GONE, AccessEntry, Event
from audit.names import thing_of
from audit.together import Unwritten, write_together
from encryption.fingerprints import commitment, plain, row_fingerprint
from encryption.models import raw_values

__all__ = ["GONE", "UNWRITTEN", "Kind", "log_access", "log_accesses", "record"]

UNWRITTEN = "_history_unwritten"  # where a row keeps the history row that its evidence brings along

Kind = AccessEntry.Kind


def record(
    move: str,
    thing: models.Model,
    later: list[Unwritten] | None = None,
    /,
    *,
    person: str,
    agency: str,
    before: str,
    after: str,
    digest: str,
    **details: str | int,
) -> None:
    """Write one event, and its leaf, in the same transaction as the change it is evidence of.

    ``details`` are codes and numbers. With ``later`` it is put there, with the history row that
    the change has left unwritten: whoever gives it has them written before the transaction ends.
    Raises RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction it is evidence of.")
    event = Event(
        at=timezone.now(),
        move=move,
        person=person,
        agency=agency,
        before=before,
        after=after,
        digest=digest,
        version=getattr(thing, "version", 0),
        details=details,
        **_whereabouts(thing),
    )
    prints = {
        "row": row_fingerprint(plain(type(thing), raw_values(thing)), event.case_id),
        "commitment": commitment(thing),
    }
    history = thing.__dict__.pop(UNWRITTEN, None)
    if later is not None and history is not None:
        said = said_of_change(event, (None, history.history_date), **prints)
        later.append(Unwritten(event, said, history))
        return
    event.save(force_insert=True)
    note_change(event, thing, **prints)


def log_access(
    kind: AccessEntry.Kind, thing: models.Model, *, person: str, agency: str, may: str
) -> None:
    """Write down that somebody read a row, or was refused."""
    log_accesses(kind, [thing], person=person, agency=agency, may=may)


def log_accesses(
    kind: AccessEntry.Kind, things: Iterable[models.Model], *, person: str, agency: str, may: str
) -> None:
    """Write down that somebody read several rows at once: one entry for each of them."""
    stamp = {"at": timezone.now(), "kind": kind, "person": person, "agency": agency, "may": may}
    entries = [AccessEntry(**stamp, **_whereabouts(thing)) for thing in things]
    with transaction.atomic(savepoint=False):
        if connection.vendor != "postgresql":
            note_reading(AccessEntry.objects.bulk_create(entries))
            return
        for at in range(0, len(entries), AT_ONCE):
            write_together(
                [Unwritten(each, said_of_reading(each)) for each in entries[at : at + AT_ONCE]]
            )


def _whereabouts(thing: models.Model) -> dict[str, Any]:
    return {
        "case_id": getattr(thing, "case_id", None),
        "thing": thing_of(thing),
        "thing_id": str(thing.pk),
    }
