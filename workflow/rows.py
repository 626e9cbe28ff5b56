"""Rows of one table by their ids and columns, by queries that are put together once."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import QuerySet

from workflow.compiled import Compiled, prefetch_of
from workflow.related import PREFETCHED

Row = TypeVar("Row", bound=models.Model)


def columns_of(model: type[models.Model], path: str = "") -> list[str]:
    """The columns of a model, for ``values_list``; ``path`` leads to it, as in ``agency__``."""
    return [f"{path}{field.attname}" for field in model._meta.concrete_fields]


def as_row(model: type[Row], values: Iterable[Any]) -> Row:
    """The row that has these values in its columns, as ``columns_of`` names them."""
    return model.from_db(DEFAULT_DB_ALIAS, columns_of(model), list(values))


@cache
def _by_id(model: type[models.Model], *, locked: bool, related: tuple[str, ...] = ()) -> Compiled:
    def query(pk: Any) -> "QuerySet[Any, Any]":
        rows = model._base_manager.select_for_update() if locked else model._base_manager.all()
        return (rows.select_related(*related) if related else rows).filter(pk=pk)

    return Compiled(query)


def read_row(
    model: type[Row], pk: UUID, *, locked: bool = False, related: tuple[str, ...] = ()
) -> Row:
    """The row of this id, which is ``locked`` until commit, with those ``related`` to it.

    Raises ``model.DoesNotExist``.
    """
    if (found := find_row(model, pk, locked=locked, related=related)) is None:
        raise model.DoesNotExist  # type: ignore[attr-defined]  # every model has one
    return found


def find_row(
    model: type[Row], pk: UUID, *, locked: bool = False, related: tuple[str, ...] = ()
) -> Row | None:
    """The row of this id, or None."""
    return next(iter(_by_id(model, locked=locked, related=related)(pk=pk)), None)


def children_of(model: type[Row], *lookups: Any) -> Callable[[Row], AbstractContextManager[None]]:
    """What reads the rows that point at one row of ``model``, and keeps them within a block."""

    @cache  # at its first use: while modules are read, not every model is there
    def loaders() -> list[Callable[[list[Any]], None]]:
        return [prefetch_of(model, each) for each in lookups]

    @contextmanager
    def kept(row: Row) -> Iterator[None]:
        for each in loaders():
            each([row])
        try:
            yield
        finally:
            vars(row).pop(PREFETCHED, None)

    return kept
