"""One data key for each case, wrapped by the ring and kept in the keystore.

Beside it, as generation 0, a key that seals nothing: the ledger's fingerprints of the case are
made under it (docs/adr/0095). It stays when the data key is replaced, and goes with the case.

A data key is in memory only as long as one unit of work, see ``encryption.unit_of_work``.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from os import urandom
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from encryption import frozen_keys
from encryption.aead import KEY_BYTES
from encryption.errors import KeyDestroyed, KeyMissing, KeyReplaced, KeyringFault
from encryption.keystore import CaseKey
from encryption.provider import key_provider, refuse_without_ring
from encryption.router import KEYSTORE
from encryption.seal import length_prefixed
from encryption.unit_of_work import DataKey, Kept, kept_now

FOR_FINGERPRINTS: Final = 0  # the generation that seals nothing
FIRST_GENERATION: Final = frozen_keys.FIRST
REGISTER: Final = frozen_keys.REGISTER


def create_case_key(case_id: UUID) -> None:
    """Give the case its data key, committed before anything can be sealed with it.

    Doing it twice changes nothing. A key whose case is rolled back afterwards opens nothing and
    does no harm; ciphertext whose key is rolled back would be lost, so this is never part of
    another transaction on the keystore.
    """
    _refuse_the_register(case_id)
    if not sealing_rows(_rows(case_id)):
        _make(case_id, FOR_FINGERPRINTS, FIRST_GENERATION)
    sealing_key(case_id)


def fingerprint_key(case_id: UUID) -> DataKey:
    """The key of a case's fingerprints, or of the register's; made at its first use.

    Raises KeyDestroyed once the case was disposed of, and KeyMissing for one that has no key at
    all: made for that, it would look as if the keystore knew the case.
    """
    if _live_row(case_id, FOR_FINGERPRINTS) is None:
        if case_id != REGISTER:
            sealing_key(case_id)
        _make(case_id, FOR_FINGERPRINTS)
    return opening_key(case_id, FOR_FINGERPRINTS)


def _refuse_the_register(case_id: UUID) -> None:
    """Nothing is a case of this id, or with the case the key of the whole register would go."""
    if case_id == REGISTER:
        raise ValueError("The id that stands for the register is no case's.")


def _make(case_id: UUID, *generations: int) -> None:
    rows = [new_row(case_id, each) for each in generations]
    # Another process may be making the same keys: then its rows count, not ours. And the
    # keystore refuses any for a case that was destroyed meanwhile.
    with suppress(IntegrityError), transaction.atomic(using=KEYSTORE, durable=True):
        CaseKey.objects.using(KEYSTORE).bulk_create(rows, ignore_conflicts=True)
    forget_case_keys(case_id)


def prefetch_case_keys(case_ids: Iterable[UUID]) -> None:
    """Fetch the keys of many cases in one query; they stay for the enclosing ``key_cache``.

    Outside of one it does nothing: there is nowhere to keep them.
    """
    kept = kept_now()
    if kept is None:
        return
    refuse_without_ring()
    if wanted := {case_id for case_id in case_ids if case_id not in kept.rows}:
        _fetch(wanted, kept)


def sealing_key(case_id: UUID) -> DataKey:
    """The newest key of the case, for sealing."""
    rows = sealing_rows(_rows(case_id))
    if not rows:
        raise KeyMissing(
            f"Case {case_id} has no key in the keystore. Make it with create_case_key before "
            "anything of the case is saved; if it had one, restore the keystore from its backup."
        )
    return _unwrapped(rows[-1])


def opening_key(case_id: UUID, generation: int) -> DataKey:
    """The key of the case that sealed something earlier."""
    kept = kept_now()
    if kept is not None and (case_id, generation) in kept.keys:
        return kept.keys[case_id, generation]  # of a row that was live when it was looked up
    row = _live_row(case_id, generation)
    if row is None and kept_now() is not None:
        # It may be newer than what this unit of work has looked up.
        forget_case_keys(case_id)
        row = _live_row(case_id, generation)
    if row is not None:
        return _unwrapped(row)
    if any(each.generation == generation for each in _rows(case_id)):
        raise KeyReplaced(
            f"Generation {generation} of the key of case {case_id} was replaced, and all that it "
            "had sealed was sealed anew: what it opens was put back from a backup. Restore "
            "records and keystore from backups of the same day."
        )
    raise KeyMissing(
        f"Generation {generation} of the key of case {case_id} is not in the keystore. "
        "Restore the keystore from its backup."
    )


def _live_row(case_id: UUID, generation: int) -> CaseKey | None:
    live = live_rows(_rows(case_id))
    return next((row for row in live if row.generation == generation), None)


def destroy_case_key(case_id: UUID) -> None:
    """Make everything sealed for this case unreadable for ever, wherever a copy is.

    The rows stay, without their keys, so that no new key can take their place. Doing it twice
    changes nothing.
    """
    refuse_without_ring()
    _refuse_the_register(case_id)
    with transaction.atomic(using=KEYSTORE, durable=True):
        known = held_rows(case_id)
        rows = CaseKey.objects.using(KEYSTORE).filter(case_id=case_id)
        rows.filter(destroyed_at=None).update(wrapped=None, destroyed_at=datetime.now(UTC))
    forget_case_keys(case_id)
    if not known:
        raise KeyMissing(f"Case {case_id} has no key in the keystore, so there is none to destroy.")


def forget_case_keys(case_id: UUID) -> None:
    """Ask the keystore again at the next use: whoever has just locked a case must, since its key
    may have been replaced while they waited.
    """
    kept = kept_now()
    if kept is not None:
        kept.rows.pop(case_id, None)
        for known in [each for each in kept.keys if each[0] == case_id]:
            del kept.keys[known]


def _rows(case_id: UUID) -> list[CaseKey]:
    kept = kept_now()
    if kept is not None and case_id in kept.rows:
        return kept.rows[case_id]
    refuse_without_ring()
    return _fetch({case_id}, kept).get(case_id, [])


def _fetch(case_ids: set[UUID], kept: Kept | None) -> dict[UUID, list[CaseKey]]:
    """Ask the keystore once, for the register's key as well, which every change needs too."""
    case_ids |= {REGISTER} if kept is not None and REGISTER not in kept.rows else set()
    found: dict[UUID, list[CaseKey]] = {}
    for row in CaseKey.objects.using(KEYSTORE).filter(case_id__in=case_ids).order_by("generation"):
        found.setdefault(row.case_id, []).append(row)
    if kept is not None:  # a case without a key is not remembered: it may be made a moment later
        kept.rows.update(found)
    return found


def held_rows(case_id: UUID) -> list[CaseKey]:
    """The rows of a case, the oldest first, locked until the keystore's transaction ends."""
    rows = CaseKey.objects.using(KEYSTORE).filter(case_id=case_id).order_by("generation")
    list(rows.select_for_update())
    # Asked anew: while this waited, somebody may have given the case a newer generation.
    return list(rows.all())


def live_rows(rows: list[CaseKey]) -> list[CaseKey]:
    """Those that open something; KeyDestroyed where the case was destroyed."""
    for row in rows:
        if row.destroyed_at is not None:
            raise KeyDestroyed(
                f"The key of case {row.case_id} was destroyed on {row.destroyed_at:%Y-%m-%d}. "
                "What it sealed cannot be read again; show only who decided, when and how."
            )
    return [row for row in rows if row.replaced_at is None]


def sealing_rows(rows: list[CaseKey]) -> list[CaseKey]:
    """Those of them that seal cells and files; KeyDestroyed where the case was destroyed."""
    return [row for row in live_rows(rows) if row.generation != FOR_FINGERPRINTS]


def _context(case_id: UUID, generation: int) -> bytes:
    return length_prefixed(b"portal case key 1", case_id.bytes, generation.to_bytes(2, "big"))


def new_row(case_id: UUID, generation: int) -> CaseKey:
    """A new key of the case as a row of the keystore, wrapped and not saved."""
    ring_key_id, wrapped = key_provider().wrap(urandom(KEY_BYTES), _context(case_id, generation))
    return CaseKey(case_id=case_id, generation=generation, ring_key_id=ring_key_id, wrapped=wrapped)


def unwrap_row(row: CaseKey) -> DataKey:
    """The key in this row of the keystore, asked of the provider afresh."""
    if row.wrapped is None:
        raise KeyDestroyed(f"The key of case {row.case_id} was destroyed.")
    secret = key_provider().unwrap(
        row.ring_key_id, bytes(row.wrapped), _context(row.case_id, row.generation)
    )
    if len(secret) != KEY_BYTES:
        raise KeyringFault(
            f"The key of case {row.case_id} has a wrong length. Restore the keystore."
        )
    return DataKey(row.generation, secret)


def rewrapped(row: CaseKey) -> tuple[str, bytes]:
    """The same key wrapped by the active ring key, proved to unwrap: that key's id and the blob."""
    if row.wrapped is None:
        raise KeyDestroyed(f"The key of case {row.case_id} was destroyed.")
    provider, context = key_provider(), _context(row.case_id, row.generation)
    secret = provider.unwrap(row.ring_key_id, bytes(row.wrapped), context)
    name, wrapped = provider.wrap(secret, context)
    if provider.unwrap(name, wrapped, context) != secret:
        raise KeyringFault(f"Ring key {name} does not unwrap what it has wrapped.")
    return name, wrapped


def _unwrapped(row: CaseKey) -> DataKey:
    kept = kept_now()
    known = (row.case_id, row.generation)
    if kept is not None and known in kept.keys:
        return kept.keys[known]
    key = unwrap_row(row)
    if kept is not None:
        kept.keys[known] = key
    return key
