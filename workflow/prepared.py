"""A statement that is prepared on one connection, and what makes rows of its answer."""

import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError
from django.db.models import QuerySet, UUIDField
from django.db.models.lookups import BuiltinLookup, In
from django.db.models.sql.compiler import SQLCompiler

Query = Callable[..., "QuerySet[Any, Any]"]
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

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """What the query would give for these values."""
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
            found = cursor.fetchall()
        return self._as_the_query_gives_them(found)

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

    def _as_the_query_gives_them(self, found: list[Any]) -> list[Any]:
        """By Django's own making of rows, from a compiler that has its answer already."""
        rows_of = self.asked._chain()
        rows_of._query = _Answered(self.asked.query, self.compiler, found)
        rows = list(rows_of._iterable_class(rows_of))
        if rows:
            for more in self.more:
                more(rows)
        return rows


Ready = Prepared | Anew


class _Answered:
    """Stands in for a query, and for its compiler, whose statement was run."""

    def __init__(self, query: Any, compiler: SQLCompiler, found: list[Any]) -> None:
        self.query, self.compiler, self.found = query, compiler, found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.compiler if hasattr(self.compiler, name) else self.query, name)

    def get_compiler(self, *_using: Any, **_more: Any) -> "_Answered":
        """The one that was asked."""
        return self

    def execute_sql(self, *_args: Any, **_kwargs: Any) -> list[Any]:
        """In one piece."""
        return [self.found]

    def results_iter(self, *_args: Any, **kwargs: Any) -> Iterator[Any]:
        """Rows, each value as its column's type says."""
        tuples = bool(kwargs.get("tuple_expected"))
        rows: Iterator[Any] = self.compiler.results_iter([self.found], tuple_expected=tuples)
        return rows


def type_of(value: Any) -> str:
    """The type of a value in PostgreSQL: of one that nothing else says the type of."""
    if isinstance(value, list):
        return "uuid[]"
    return next(name for kind, name in TYPES.items() if isinstance(value, kind))
