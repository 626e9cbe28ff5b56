"""Generations of a case's key: the next one is made, and the older ones go once nothing is theirs.

While two are live, both open and the newest seals. The key of the fingerprints seals nothing and
is never replaced, or no fingerprint from before could be held against its row. Whoever makes or
destroys a key of a case holds the case's rows in the keystore, so that nothing is made beside a
destruction.
"""

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from encryption.casekeys import forget_case_keys, held_rows, new_row, sealing_rows, unwrap_row
from encryption.errors import KeyMissing
from encryption.keystore import CaseKey
from encryption.provider import refuse_without_ring
from encryption.router import KEYSTORE


def begin_generation(case_id: UUID) -> tuple[int, bool]:
    """The generation that the case is to be brought to, and whether it was begun earlier.

    One whose older generation is still there is begun and not finished: it is gone on with.
    Raises KeyMissing, KeyDestroyed, and KeyringFault where the ring lacks what wraps them.
    """
    refuse_without_ring()
    with transaction.atomic(using=KEYSTORE, durable=True):
        rows = held_rows(case_id)
        live = sealing_rows(rows)
        if not live:
            raise KeyMissing(f"Case {case_id} has no key in the keystore.")
        for row in live:
            unwrap_row(row)
        was_begun = len(live) > 1
        if not was_begun:
            row = new_row(case_id, rows[-1].generation + 1)
            unwrap_row(row)  # before anything is sealed by it
            row.save(using=KEYSTORE, force_insert=True)
            live.append(row)
    forget_case_keys(case_id)
    return live[-1].generation, was_begun


def end_older_generations(case_id: UUID, generation: int) -> int:
    """Let go of every key of the case older than ``generation``; how many those were.

    Only for whoever has just seen, with the case locked, that nothing is sealed by them.
    """
    with transaction.atomic(using=KEYSTORE, durable=True):
        live = sealing_rows(held_rows(case_id))
        older = [row.pk for row in live if row.generation < generation]
        rows = CaseKey.objects.using(KEYSTORE).filter(pk__in=older)
        ended = rows.update(wrapped=None, replaced_at=datetime.now(UTC))
    forget_case_keys(case_id)
    return ended
