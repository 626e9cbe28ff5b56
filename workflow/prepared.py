"""A statement that is prepared on one connection, and what makes rows of its answer."""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError
from django.db.models import QuerySet, UUIDField
from django.db.models.lookups import BuiltinLookup, In
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.sql.compiler import SQLCompiler

Query = Callable[..., "QuerySet[Any, Any]"]
FAR: Final = timedelta(days=400, hours=7, minutes=13, seconds=17)
NAMES: Final = "names_prepared_by_us"
# What PostgreSQL says of a statement that it no longer has, or whose columns have changed since.
OUTLIVED: Final = frozenset({"26000", "0A000"})
# A moment is a day to Python, so it comes first.
TYPES: Final = {UUID: "uuid", datetime: "timestamptz", date: "date", int: "bigint", str: "text"}


def names_on(connection: Any) -> set[str]:
    """What is prepared on a connection as it is now: one that was opened again knows nothing."""
    link, names = vars(connection).get(NAMES, (None, set()))
    if link is not connection.connection:
        link, names = connection.connection, set()
        vars(connection)[NAMES] = (link, names)
    found: set[str] = names
    return found


def name_of(table: str, text: str) -> str:
    """A name by which no other statement goes, in this process or in any other."""
    return f"{table[:40]}_{sha256(text.encode()).hexdigest()[:16]}"


@UUIDField.register_lookup
class AnyOf(BuiltinLookup):
    """``pk__any_of=[...]``: ``in``, on PostgreSQL with one parameter however many there are."""

    lookup_name = "any_of"

    def get_prep_lookup(self) -> list[Any]:
        """Each value as the column's own type."""
        return [self.lhs.output_field.to_python(value) for value in self.rhs]

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        """The list as one parameter."""
        return "%s", (value,)

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        """As PostgreSQL writes it."""
        return f"= ANY({rhs}::uuid[])"

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        """Where there are no arrays."""
        return In(self.lhs, self.rhs).as_sql(compiler, connection)


@dataclass
class Anew:
    """A query that is not prepared: SQLite's, or one that holds a day or an id of its own."""

    query: Query
    shape: tuple[Hashable, ...]

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """Put together once more."""
        return list(self.query(*self.shape, **values))


@dataclass
class Prepared:
    """A query as text with a number for each value, and what makes rows of its answer."""

    asked: Any  # a queryset
    compiler: SQLCompiler
    text: str
    order: tuple[str, ...]  # of the values, in a prepared statement
    more: "list[Callable[[list[Any]], None]]"
    name: str

    def __post_init__(self) -> None:
        self._made_of = _maker(self.asked, self.compiler)

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """What the query would give for these values."""
        return self.made_of(self.answer(values))

    def answer(self, values: dict[str, Any]) -> list[Any]:
        """What the database says, value by value."""
        connection = self.compiler.connection
        given = [values[name] for name in self.order]
        places = f"({', '.join(['%s'] * len(given))})" if given else ""
        with connection.cursor() as cursor:  # first: one that was lost is opened again by this
            self._prepare_on(connection, cursor.cursor)
            try:
                cursor.execute(f"EXECUTE {self.name}{places}", given)
            except DatabaseError as fault:
                if getattr(fault.__cause__, "pgcode", "") in OUTLIVED:
                    connection.close_at = time.monotonic()  # the next request gets another
                raise
            found: list[Any] = cursor.fetchall()
        return found

    def _prepare_on(self, connection: Any, cursor: Any) -> None:
        """Once for each connection; past the count of statements, and not past its errors."""
        names = names_on(connection)
        if self.name in names:
            return
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors:
            cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [self.name])
            if not cursor.fetchone():
                cursor.execute(f"PREPARE {self.name} AS {self.text}")
        names.add(self.name)

    def made_of(self, found: list[Any]) -> list[Any]:
        """What the query makes of an answer, with the rows that belong to its rows."""
        rows = list(self._made_of(found))
        if rows:
            for more in self.more:
                more(rows)
        return rows


Ready = Prepared | Anew


def _maker(asked: Any, compiler: SQLCompiler) -> Callable[[list[Any]], Iterable[Any]]:
    """What makes of an answer what the query gives: rows, tuples or single values."""
    columns = [each[0] for each in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(columns)
    kind = asked._iterable_class

    def converted(found: list[Any]) -> Iterable[Any]:
        return compiler.apply_converters(found, converters) if converters else found

    if kind is ValuesListIterable:
        return lambda found: map(tuple, converted(found))
    if kind is FlatValuesListIterable:
        return lambda found: (row[0] for row in converted(found))
    if kind is not ModelIterable or asked._known_related_objects:
        raise TypeError(f"rows of {kind.__name__} are not made from a prepared statement")
    return _models(compiler, converted)


def _models(
    compiler: Any, converted: Callable[[list[Any]], Iterable[Any]]
) -> Callable[[list[Any]], Iterable[Any]]:
    """Rows with what was selected beside them, as Django's own iterable of models makes them."""
    model, alias = compiler.klass_info["model"], compiler.using
    places = compiler.klass_info["select_fields"]
    own = slice(places[0], places[-1] + 1)
    names = [each[0].target.attname for each in compiler.select[own]]
    populators: Any = get_related_populators  # the stubs are a release ahead
    related = populators(compiler.klass_info, compiler.select, alias)
    beside = list(compiler.annotation_col_map.items())

    def models(found: list[Any]) -> Iterator[Any]:
        for row in converted(found):
            made = model.from_db(alias, names, row[own])
            for each in related:
                each.populate(row, made)
            for name, place in beside:
                setattr(made, name, row[place])
            yield made

    return models


def type_of(value: Any) -> str:
    """The type of a value in PostgreSQL: of one that nothing else says the type of."""
    if isinstance(value, list):
        return "uuid[]"
    return next(name for kind, name in TYPES.items() if isinstance(value, kind))


def another(value: Any) -> Any:
    """Some other value of the same type, which differs in every part of it."""
    if isinstance(value, UUID):
        return UUID(int=value.int ^ (2**128 - 1))
    if isinstance(value, list):
        return [*value, UUID(int=1)]
    if isinstance(value, date):
        return value + (FAR if value.year < date.max.year // 2 else -FAR)
    if isinstance(value, int):
        return int(not value)
    if isinstance(value, str):
        return f"another {value}"
    raise TypeError(f"{value!r} is neither a UUID, a list, a day, a number nor a text")
