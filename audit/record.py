"""The two ways to write evidence; only the doors of the workflow call them."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from audit.ledger.leaves import note_change, note_reading
from audit.models import GONE, AccessEntry, Event
from audit.names import thing_of
from encryption.fingerprints import commitment, plain, row_fingerprint
from encryption.models import raw_values

__all__ = ["GONE", "Kind", "log_access", "log_accesses", "record"]

Kind = AccessEntry.Kind


def record(
    move: str,
    thing: models.Model,
    *,
    person: str,
    agency: str,
    before: str,
    after: str,
    digest: str,
    **details: str | int,
) -> Event:
    """Write one event, and its leaf, in the same transaction as the change it is evidence of.

    ``details`` are codes and numbers. Raises RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction it is evidence of.")
    event = Event.objects.create(
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
    row = row_fingerprint(plain(type(thing), raw_values(thing)), event.case_id)
    note_change(event, thing, row=row, commitment=commitment(thing))
    return event


def log_access(
    kind: AccessEntry.Kind, thing: models.Model, *, person: str, agency: str, may: str
) -> AccessEntry:
    """Write down that somebody read a row, or was refused."""
    with transaction.atomic(savepoint=False):
        entry = AccessEntry.objects.create(
            kind=kind, person=person, agency=agency, may=may, **_whereabouts(thing)
        )
        note_reading([entry])
    return entry


def log_accesses(
    kind: AccessEntry.Kind, things: Iterable[models.Model], *, person: str, agency: str, may: str
) -> None:
    """Write down that somebody read several rows at once: one entry for each of them."""
    stamp = {"kind": kind, "person": person, "agency": agency, "may": may}
    with transaction.atomic(savepoint=False):
        note_reading(
            AccessEntry.objects.bulk_create(
                AccessEntry(**stamp, **_whereabouts(thing)) for thing in things
            )
        )


def _whereabouts(thing: models.Model) -> dict[str, Any]:
    return {
        "case_id": getattr(thing, "case_id", None),
        "thing": thing_of(thing),
        "thing_id": str(thing.pk),
    }
