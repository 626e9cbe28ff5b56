"""Opens everything that is sealed and counts; nothing of what it opens is kept or shown."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldError
from django.db import models

from encryption.casekeys import prefetch_case_keys
from encryption.errors import EncryptionFault, KeyDestroyed
from encryption.fields import SealedField, sealed_fields
from encryption.files import open_file
from encryption.unit_of_work import key_cache
from encryption.uses import key_uses

BATCH: Final = 500
MOST_NAMED: Final = 50


@dataclass
class Opened:
    """Counts by kind of thing; of what is broken also where it stands, the first fifty."""

    opened: Counter[str] = field(default_factory=Counter)
    destroyed: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    where: list[str] = field(default_factory=list)

    def take(self, what: str, where: str, open_it: Callable[[], object]) -> None:
        """Open one thing and count how that went."""
        try:
            open_it()
        except KeyDestroyed:
            self.destroyed[what] += 1
        except (EncryptionFault, FieldError, TypeError, ValueError, OSError):
            self.broken += 1
            if len(self.where) < MOST_NAMED:
                self.where.append(where)
        else:
            self.opened[what] += 1


def sealed_models() -> list[type[models.Model]]:
    """Every table with sealed columns, the tables of history too."""
    found = apps.get_models(include_auto_created=True)
    return [each for each in found if each._meta.managed and sealed_fields(each)]


def rows_to_open() -> int:
    """How many rows there are with sealed columns."""
    return sum(model._base_manager.count() for model in sealed_models())


def open_everything(step: Callable[[int], None]) -> Opened:
    """Open each sealed cell, file and text once; ``step`` hears how many rows are done."""
    found, done = Opened(), 0
    for model in sealed_models():
        for rows in _batches(model):
            with key_cache():
                _open_rows(rows, found)
            done += len(rows)
            step(done)
    for use in key_uses():
        for case_id, file_id in use.files():
            opening = partial(_whole, case_id, file_id)
            found.take(use.what, f"{use.what}: {file_id}", opening)
        for row, open_it in use.texts():
            found.take(use.what, f"{use.what}: {row}", open_it)
    return found


def _open_rows(rows: list[Any], found: Opened) -> None:
    fields: list[SealedField[Any, Any]] = sealed_fields(rows[0])
    prefetch_case_keys({fields[0].place(row).case_id for row in rows})
    what = "cells of history" if hasattr(rows[0], "history_date") else "cells"
    for row in rows:
        for each in fields:
            if row.__dict__[each.attname] is not None:
                where = f"{row._meta.label} {row.pk}: {each.attname}"
                found.take(what, where, partial(getattr, row, each.attname))


def _whole(case_id: UUID, file_id: UUID) -> None:
    for _chunk in open_file(case_id=case_id, file_id=file_id):
        pass


def _batches(model: type[models.Model]) -> Iterator[list[Any]]:
    """All rows, each batch asked for when it is its turn: meanwhile a case may get another key."""
    rows = model._base_manager.order_by("pk")
    batch = list(rows[:BATCH])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:BATCH])
