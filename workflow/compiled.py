"""Queries that are put together once, and then asked again with other values.

Django writes the SQL of a query anew each time, which costs more than the database's answer where
that is some small rows. What pages ask most is asked this way (docs/adr/0114).
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from contextlib import suppress
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import (
    Count,
    ManyToOneRel,
    Prefetch,
    QuerySet,
    Value,
    prefetch_related_objects,
)
from django.db.models.constants import LOOKUP_SEP
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler
from psycopg2.extensions import AsIs  # type: ignore[import-untyped]

from workflow.acting import Actor
from workflow.prepared import Anew, Prepared, Query, Ready, another, name_of, names_on, type_of
from workflow.related import hang

Row = TypeVar("Row", bound=models.Model)

KEPT: Final = "prepared_by_us"
MOST: Final = 400  # prepared for one connection; past it they are all forgotten


class Compiled:
    """A query of the records that is put together once for each ``shape`` and connection.

    ``query`` builds it from ``shape``, anything that it decides by, and from values: UUIDs, lists
    of them, days, moments, numbers and texts, which may change the parameters of the SQL and
    nothing else: TypeError or ValueError at its first use. One that holds another UUID, day or
    moment is put together anew each time, since that would stay what it was. ``shared`` locks the
    rows (``no_key``) against changes and not against others who lock them so.
    """

    def __init__(
        self, query: Query, *, may_be_unused: Collection[str] = (), shared: bool = False
    ) -> None:
        self.query, self.may_be_unused, self.shared = query, may_be_unused, shared

    def __call__(self, *shape: Hashable, **values: Any) -> list[Any]:
        """The rows for these values."""
        ready = kept_for(self, shape, values, self.prepare)
        return ready.rows(values) if ready else []

    def prepare(
        self,
        connection: Any,
        shape: tuple[Hashable, ...],
        values: dict[str, Any],
        order: list[str] | None = None,
    ) -> Ready | None:
        """Ready to be asked; None where the query is known to give nothing.

        ``order`` gathers the names of the values in the order of their numbers, and may hold some.
        """
        order = [] if order is None else order
        if connection.vendor != "postgresql":
            return Anew(self.query, shape)
        try:
            asked, compiler, sql, params = self._written(shape, values)
            if self._written(shape, values)[3] != params:
                return Anew(self.query, shape)  # what it holds besides is another each moment
            self._number(shape, values, sql, params, order)
        except EmptyResultSet:  # for these values, or for any
            return Anew(self.query, shape) if self._gives_some(shape, values) else None
        if any(isinstance(param, UUID | date | list) for param in params):
            return Anew(self.query, shape)  # it would stay what it is now
        are_rows = asked._iterable_class is ModelIterable
        lookups = asked._prefetch_related_lookups if are_rows else ()
        more = [prefetch_of(asked.model, each) for each in lookups]
        with connection.cursor() as cursor:
            text = cursor.cursor.mogrify(sql, params).decode()
        return Prepared(
            asked,
            compiler,
            text,
            tuple(order),
            more,
            name_of(asked.model._meta.db_table, text),
        )

    def _gives_some(self, shape: tuple[Hashable, ...], values: dict[str, Any]) -> bool:
        """Whether some values may get an answer: these, or quite other ones."""
        for each in (values, {name: another(value) for name, value in values.items()}):
            with suppress(EmptyResultSet):
                self._written(shape, each)
                return True
        return False

    def _number(
        self,
        shape: tuple[Hashable, ...],
        values: dict[str, Any],
        sql: str,
        params: list[Any],
        order: list[str],
    ) -> None:
        """Put a number in the place of each value: its place in ``order``."""
        for name, value in values.items():
            *_rest, other_sql, others = self._written(shape, {**values, name: another(value)})
            if other_sql != sql:
                raise ValueError(f"{name} changes more of the query than a parameter")
            pairs = enumerate(zip(params, others, strict=True))
            places = [at for at, (one, two) in pairs if one != two and type(one) is not AsIs]
            if places and name not in order:
                order.append(name)
            elif not places and name not in self.may_be_unused:
                raise ValueError(f"{name} is not a parameter of the query")
            for place in places:
                if params[place] != value:
                    raise ValueError(f"{name} is turned into something else by the query")
                params[place] = AsIs(f"${order.index(name) + 1}::{type_of(value)}")

    def _written(
        self, shape: tuple[Hashable, ...], values: dict[str, Any]
    ) -> tuple[Any, SQLCompiler, str, list[Any]]:
        asked = self.query(*shape, **values)
        compiler = asked.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        if self.shared and compiler.connection.vendor == "postgresql":
            before, lock, after = sql.rpartition(" FOR NO KEY UPDATE")  # Django knows no FOR SHARE
            if not lock:
                raise ValueError("what shares a lock has to lock FOR NO KEY UPDATE")
            sql = f"{before} FOR SHARE{after}"
        return asked, compiler, sql, list(params)


def kept_for(
    query: Any, shape: tuple[Hashable, ...], values: dict[str, Any], prepare: Callable[..., Any]
) -> Any:
    """What ``prepare`` makes of a query for this shape and these values, once a connection."""
    # A connection belongs to one thread, so no two threads prepare for the same one. It is
    # kept there: what is prepared knows its connection, and would keep it open elsewhere.
    connection = connections[DEFAULT_DB_ALIAS]
    kept: dict[Any, Any] = vars(connection).setdefault(KEPT, {})
    key = (query, shape, *((name, type(value)) for name, value in values.items()))
    if key not in kept:
        if len(kept) >= MOST:
            with connection.cursor() as cursor:
                cursor.execute("DEALLOCATE ALL")
            kept.clear()
            names_on(connection).clear()
        kept[key] = prepare(connection, shape, values)
    return kept[key]


class ForActor:
    """A compiled query whose first argument is an actor.

    It is put together once for all of the same ``shape``. What builds it gets a stand-in that
    knows this shape and two ids, and nothing more, so that nothing else of the first who asks can
    become a part of it (AttributeError).
    """

    def __init__(self, query: Query) -> None:
        self._compiled = Compiled(with_stand_in(query), may_be_unused=WHO)

    def __call__(self, actor: Actor, *shape: Hashable, **values: Any) -> list[Any]:
        """The rows for this actor and these values."""
        kind: Any = type(actor)
        return self._compiled(kind, actor.shape, *shape, **who(actor), **values)


WHO: Final = frozenset({"by_person", "at_agency"})


def who(actor: Actor) -> dict[str, UUID]:
    """The two values that an actor brings, as ``WHO`` names them."""
    return {"by_person": actor.user.pk, "at_agency": actor.agency.pk}


def with_stand_in(query: Query) -> Query:
    """A query that takes what it needs of an actor in place of the actor."""

    def asked(
        kind: type[Actor],
        actor_shape: Any,
        *shape: Hashable,
        by_person: UUID,
        at_agency: UUID,
        **values: Any,
    ) -> "QuerySet[Any, Any]":
        return query(kind.stand_in(actor_shape, by_person, at_agency), *shape, **values)

    return asked


Selector = Callable[[Any], "QuerySet[Any, Any]"]


def rows_for(actor: Any, selector: Selector) -> list[Any]:
    """What a selector, a function of its module, gives an actor."""
    return _ROWS(actor, selector)


def count_for(actor: Any, selector: Selector) -> int:
    """How many rows a selector gives an actor."""
    return sum(number for (number,) in _COUNT(actor, selector))


def _count(actor: Any, selector: Selector) -> "QuerySet[Any, Any]":
    rows = selector(actor).order_by().annotate(all_of_them=Value(1)).values("all_of_them")
    numbers: QuerySet[Any, Any] = rows.annotate(number=Count("pk")).values_list("number")
    return numbers


_ROWS = ForActor(lambda actor, selector: selector(actor))
_COUNT = ForActor(_count)


class _Children:
    """What ``prefetch_related`` asks, in one statement."""

    def __init__(self, path: list[str], relation: ManyToOneRel, queryset: Any) -> None:
        self.path, self.name = path[:-1], relation.name
        rows = relation.related_model._default_manager.all() if queryset is None else queryset
        target = f"{relation.field.name}__pk__any_of"
        self.of = Compiled(lambda ids: rows.filter(**{target: ids}))

    def __call__(self, rows: Iterable[Any]) -> None:
        """Ask for those of all rows in one statement."""
        parents = [parent for row in rows if (parent := self._parent(row)) is not None]
        hang(parents, self.name, self.of(ids=[parent.pk for parent in parents]))

    def _parent(self, row: Any) -> Any:
        for step in self.path:
            row = getattr(row, step)
        return row


def prefetch_of(model: Any, lookup: Any) -> Callable[[list[Any]], None]:
    """What loads a lookup of ``prefetch_related``, once for rows of several queries too.

    It is Django itself where the lookup is no simple one.
    """
    prefetch = lookup if isinstance(lookup, Prefetch) else Prefetch(lookup)
    *before, last = path = prefetch.prefetch_through.split(LOOKUP_SEP)
    for step in before:
        model = model._meta.get_field(step).related_model
    relation = model._meta.get_field(last)
    rows: Any = prefetch.queryset
    goes_on = rows is not None and rows._prefetch_related_lookups
    if isinstance(relation, ManyToOneRel) and not (prefetch.to_attr or goes_on):
        return _Children(path, relation, rows)
    return lambda rows: prefetch_related_objects(rows, lookup)
