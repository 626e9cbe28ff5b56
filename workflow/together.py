"""Several queries that are asked in one statement: all that a page shows of one record.

Each statement costs a way to the database and back, and the same work again on both sides, which
for a handful of small rows is most of it (docs/adr/0119).
"""

from collections.abc import Hashable
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

from workflow.acting import Actor
from workflow.compiled import WHO, Compiled, kept_for, who, with_stand_in
from workflow.prepared import Prepared, Query, name_of

Rows = dict[str, list[Any]]


class Together:
    """Queries by name, such as ``Compiled`` takes, of which any are asked at once.

    Each gets those of the values that it names. One whose first argument is ``actor`` gets a
    stand-in, as in ``ForActor``.
    """

    def __init__(self, **queries: Query) -> None:
        self._parts = {name: _Part(query) for name, query in queries.items()}

    def __call__(self, *names: str, actor: Actor | None = None, **values: Any) -> Rows:
        """The rows of the queries of these names, or of all."""
        names = names or tuple(self._parts)
        shape: tuple[Any, ...] = (type(actor), actor.shape) if actor else ()
        given = {**who(actor), **values} if actor else values
        several = len(names) > 1
        joined = kept_for(self, (shape, names), given, self._join) if several else None
        if joined is None:
            return {name: self._parts[name].rows(shape, given) for name in names}
        rows: Rows = joined.rows(given)
        return rows

    def _join(self, connection: Any, asked: tuple[Any, ...], values: Any) -> "_Joined | None":
        """None where one of them cannot be prepared: then each is asked by itself."""
        shape, names = asked
        order: list[str] = []
        parts = {n: self._parts[n].prepare(connection, shape, values, order) for n in names}
        ready = {name: part for name, part in parts.items() if isinstance(part, Prepared)}
        if not ready or any(part and name not in ready for name, part in parts.items()):
            return None
        text, first = _union(list(ready.values()), connection), next(iter(ready.values()))
        name = name_of(first.asked.model._meta.db_table, text)
        whole = Prepared(first.asked, first.compiler, text, tuple(order), [], name)
        return _Joined(whole, ready, tuple(parts))


class _Part:
    """One of the queries, and what it takes."""

    def __init__(self, query: Query) -> None:
        named = signature(query).parameters.values()
        self.names = {each.name for each in named if each.kind is not Parameter.VAR_KEYWORD}
        self.is_for_actor = "actor" in self.names
        if self.is_for_actor:
            self.names |= WHO
            self.compiled = Compiled(with_stand_in(query), may_be_unused=WHO)
        else:
            self.compiled = Compiled(query)

    def rows(self, shape: tuple[Hashable, ...], values: dict[str, Any]) -> list[Any]:
        """Asked by itself."""
        return self.compiled(*self._shape(shape), **self._taken(values))

    def prepare(self, connection: Any, shape: Any, values: dict[str, Any], order: Any) -> Any:
        """Ready to be asked with others, whose values ``order`` numbers too."""
        taken = self._taken(values)
        return self.compiled.prepare(connection, self._shape(shape), taken, order)

    def _shape(self, shape: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
        return shape if self.is_for_actor else ()

    def _taken(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in values.items() if name in self.names}


@dataclass
class _Joined:
    """One statement, and what makes rows of each part of its answer."""

    whole: Prepared
    parts: dict[str, Prepared]
    names: tuple[str, ...]

    def rows(self, values: dict[str, Any]) -> Rows:
        """The rows of each query by its name."""
        answers: list[list[Any]] = [[] for _part in self.parts]
        for row in self.whole.answer(values):
            answers[row[0]].append(row)
        rows: Rows = {name: [] for name in self.names}
        start = 1
        for (name, part), found in zip(self.parts.items(), answers, strict=True):
            end = start + len(part.compiler.select)
            if found:
                rows[name] = part.made_of([row[start:end] for row in found])
            start = end
        return rows


def _union(parts: list[Prepared], connection: Any) -> str:
    """Each in columns of its own, with nothing in those of the others; one after the other."""
    nothing = [
        ", ".join(f"NULL::{column.output_field.cast_db_type(connection)}" for column, *_ in select)
        for select in (part.compiler.select for part in parts)
    ]
    branches = (
        ", ".join([str(number), *nothing[:number], "of_this.*", *nothing[number + 1 :]])
        for number in range(len(parts))
    )
    return " UNION ALL ".join(
        f"SELECT {columns} FROM ({part.text}) AS of_this"  # noqa: S608
        for columns, part in zip(branches, parts, strict=True)
    )
