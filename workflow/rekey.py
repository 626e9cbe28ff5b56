"""Gives a case a new data key: every cell and file of it sealed anew, then the older key let go.

Killed at any moment, all of it opens: both keys are there until, with the case locked, nothing is
found that the older one has sealed. Run again it goes on. People write to the case meanwhile; each
batch locks the case first, as every move does (docs/adr/0004, 0069).
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import connection, models, transaction

from audit.rekey import note_sealed_anew, sealing_anew
from encryption.casekeys import forget_case_keys
from encryption.errors import KeyMissing, SealBroken, StaleRow
from encryption.files import generation_of_file, seal_file_anew
from encryption.generations import begin_generation, end_older_generations
from encryption.models import sealed_digest
from encryption.resealing import cells_sealed_anew, older_cells
from encryption.unit_of_work import key_cache
from encryption.uses import key_uses
from encryption.verifying import sealed_models

BATCH: Final = 50
PATIENCE: Final = 60.0  # seconds for pages that were begun before
LOOK: Final = 0.1
MOST_NAMED: Final = 50
Step = Callable[[int], None]

# Transactions of this database that are open now, but for our own.
OPEN: Final = """
SELECT l.virtualxid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock' AND l.pid <> pg_backend_pid()
AND a.datname = current_database()
"""
STILL_OPEN: Final = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'virtualxid' AND mode = 'ExclusiveLock' AND virtualxid = ANY(%s)
"""


class NoSuchCase(Exception):
    """There is no case of this id."""


class StillRead(Exception):
    """Somebody has been reading since before all was sealed anew; the older key must stay yet."""


@dataclass
class Anew:
    """What was done: what was sealed anew, what does not open, how many keys were let go."""

    generation: int
    was_begun: bool
    counts: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    where: list[str] = field(default_factory=list)
    ended: int = 0

    def does_not_open(self, where: str) -> None:
        """Name one, among the first."""
        self.broken += 1
        if len(self.where) < MOST_NAMED:
            self.where.append(where)


def rows_of(case_id: UUID) -> int:
    """How many rows with sealed columns a case has, rows of history too."""
    return sum(_rows(model, case_id).count() for model in sealed_models())


def reencrypt(case_id: UUID, step: Step = lambda _done: None) -> Anew:
    """Bring a case to a new key; ``step`` hears how many rows were looked at.

    Where something does not open, it is named, and the older key stays. Raises NoSuchCase,
    StillRead, and what keys raise: KeyMissing, KeyDestroyed, KeyringFault.
    """
    case = _case_model(case_id)
    generation, was_begun = begin_generation(case_id)
    done = Anew(generation, was_begun)
    while True:
        _seal_all(case, case_id, done, step)
        if done.broken:
            return done
        if not _is_finished(case, case_id, generation):
            continue
        _wait_for_readers()
        with _held(case, case_id):
            if not _is_something_older(case_id, generation):
                done.ended = end_older_generations(case_id, generation)
                return done


def _case_model(case_id: UUID) -> Any:
    """The model of the row that all changes of the case lock."""
    for model in sealed_models():
        names = {each.attname for each in model._meta.concrete_fields}
        if not names & {"case_id", "history_id"} and _rows(model, case_id).exists():
            return model
    raise NoSuchCase


def _rows(model: type[models.Model], case_id: UUID) -> "models.QuerySet[Any]":
    names = {each.attname for each in model._meta.concrete_fields}
    column = "case_id" if "case_id" in names else "id"  # a case is its own
    return model._base_manager.filter(**{column: case_id})


@contextmanager
def _held(case: Any, case_id: UUID) -> Iterator[None]:
    """A transaction in which nobody else changes the case."""
    with transaction.atomic(), key_cache():
        case._base_manager.select_for_update().get(pk=case_id)
        forget_case_keys(case_id)
        yield


def _seal_all(case: Any, case_id: UUID, done: Anew, step: Step) -> None:
    looked_at = 0
    for model in sealed_models():
        keys = list(_rows(model, case_id).order_by("pk").values_list("pk", flat=True))
        for first in range(0, len(keys), BATCH):
            some = keys[first : first + BATCH]
            with _held(case, case_id), sealing_anew(model):
                rows = model._base_manager.select_for_update().filter(pk__in=some)
                for row in rows.order_by("pk"):
                    _seal_row(row, done)
            looked_at += len(some)
            step(looked_at)
    for use in key_uses():
        for file_id, is_needed in use.files_of(case_id):
            with _held(case, case_id):
                _seal_file(case_id, file_id, use.what, done, is_needed=is_needed)


def _seal_row(row: Any, done: Anew) -> None:
    try:
        anew = cells_sealed_anew(row, done.generation)
    except (SealBroken, KeyMissing):
        done.does_not_open(f"{row._meta.label} {row.pk}")
        return
    if not anew:
        return
    was = sealed_digest(row)
    same = type(row)._base_manager.filter(pk=row.pk, version=row.version)
    if same.update(**anew) != 1:
        raise StaleRow(f"{row._meta.label} {row.pk} was changed by something that locks no case.")
    row.__dict__.update(anew)
    note_sealed_anew(row, was=was, generation=done.generation)
    done.counts["cells of history" if _is_history(row) else "cells"] += len(anew)


def _is_history(row: Any) -> bool:
    return hasattr(row, "history_id")


def _seal_file(case_id: UUID, file_id: UUID, what: str, done: Anew, *, is_needed: bool) -> None:
    try:
        before = generation_of_file(file_id)
        if before is not None and before < done.generation:
            seal_file_anew(case_id=case_id, file_id=file_id)
            done.counts[what] += 1
    except (SealBroken, KeyMissing):
        before = None
    # Without its file a row is broken, and perhaps only the folder of the files is not here.
    if before is None and is_needed:
        done.does_not_open(f"{what}: {file_id}")


def _is_finished(case: Any, case_id: UUID, generation: int) -> bool:
    with _held(case, case_id):
        return not _is_something_older(case_id, generation)


def _is_something_older(case_id: UUID, generation: int) -> bool:
    rows = (row for model in sealed_models() for row in _rows(model, case_id).iterator())
    if any(older_cells(row, generation) for row in rows):
        return True
    return any(
        is_needed and (generation_of_file(file_id) or 0) < generation
        for use in key_uses()
        for file_id, is_needed in use.files_of(case_id)
    )


def _wait_for_readers() -> None:
    """Let every transaction end that may have read a cell before it was sealed anew.

    A page is one transaction (docs/adr/0059), so whoever begins after this has read nothing old.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(OPEN)
        readers = [each for (each,) in cursor.fetchall()]
        given_up = time.monotonic() + PATIENCE
        while True:
            cursor.execute(STILL_OPEN, [readers])
            if not cursor.fetchone()[0]:
                return
            if time.monotonic() > given_up:
                raise StillRead
            time.sleep(LOOK)
