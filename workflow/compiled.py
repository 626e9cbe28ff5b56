"""Queries that are put together once, and then asked again with other values.

Django writes the SQL of a query anew each time, which costs more than the database's answer where
that is one small row. What every request asks is asked this way.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)
Query = Callable[..., "models.QuerySet[Any, tuple[Any, ...]]"]


@dataclass(frozen=True)
class _Prepared:
    """The SQL for one connection, and where in its parameters each value stands."""

    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    places: dict[str, list[int]]


class Compiled:
    """A ``values_list`` query of the default database whose values are UUIDs, days or texts.

    ``query`` builds it from its values, which may change the parameters of the SQL and nothing
    else: no lists, and no None. ``examples`` are any values of the right types.
    """

    def __init__(self, query: Query, **examples: Any) -> None:
        self.query = query
        self.examples = examples

    def __call__(self, **values: Any) -> Iterator[tuple[Any, ...]]:
        """The rows for these values."""
        # A connection belongs to one thread, so no two threads prepare for the same one.
        real = connection._connections[connection._alias]  # type: ignore[attr-defined]
        # It is kept there: what is prepared knows its connection, and would keep it open elsewhere.
        prepared: dict[Compiled, _Prepared] = vars(real).setdefault("prepared_by_us", {})
        ready = prepared.get(self)
        if ready is None:
            ready = prepared[self] = self._prepare()
        params = list(ready.params)
        for name, places in ready.places.items():
            for place in places:
                params[place] = _adapted(values[name])
        with connection.cursor() as cursor:
            cursor.execute(ready.sql, params)
            found = cursor.fetchall()
        rows: Iterator[Any] = ready.compiler.results_iter(results=[found], tuple_expected=True)
        return rows

    def _prepare(self) -> _Prepared:
        compiler, sql, params = self._written(self.examples)
        places = {}
        for name, example in self.examples.items():
            _compiler, other_sql, others = self._written({**self.examples, name: _another(example)})
            if other_sql != sql:
                raise ValueError(f"{name} changes more of the query than a parameter")
            pairs = enumerate(zip(params, others, strict=True))
            places[name] = [at for at, (one, two) in pairs if one != two]
            if not places[name]:
                raise ValueError(f"{name} is not a parameter of the query")
        return _Prepared(compiler, sql, params, places)

    def _written(self, values: dict[str, Any]) -> tuple[SQLCompiler, str, tuple[Any, ...]]:
        compiler = self.query(**values).query.get_compiler(using=connection.alias)
        sql, params = compiler.as_sql()
        return compiler, sql, tuple(params)


def columns_of(model: type[models.Model], path: str = "") -> list[str]:
    """The columns of a model, for ``values_list``; ``path`` leads to it, as in ``agency__``."""
    return [f"{path}{field.attname}" for field in model._meta.concrete_fields]


def as_row(model: type[Row], values: Iterable[Any]) -> Row:
    """The row that has these values in its columns, as ``columns_of`` names them."""
    return model.from_db(DEFAULT_DB_ALIAS, columns_of(model), list(values))


@cache
def _by_id(model: type[models.Model], *, locked: bool) -> Compiled:
    def query(pk: Any) -> "models.QuerySet[Any, tuple[Any, ...]]":
        rows = model._base_manager.select_for_update() if locked else model._base_manager.all()
        return rows.filter(pk=pk).values_list(*columns_of(model))

    return Compiled(query, pk=UUID(int=0))


def read_row(model: type[Row], pk: UUID, *, locked: bool = False) -> Row:
    """The row of this id, which is ``locked`` until commit. Raises ``model.DoesNotExist``."""
    for row in _by_id(model, locked=locked)(pk=pk):
        return as_row(model, row)
    raise model.DoesNotExist  # type: ignore[attr-defined]  # every model has one


def _adapted(value: Any) -> Any:
    """A value as the fields of the database take it."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def _another(value: Any) -> Any:
    """Some other value of the same type."""
    if isinstance(value, UUID):
        return UUID(int=value.int ^ 1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, str):
        return f"{value} "
    raise TypeError(f"{value!r} is neither a UUID, nor a day, nor a text")
