"""Holding a case and one of its rows until commit, always in that order."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db import connection, models

from encryption.casekeys import forget_case_keys
from workflow.act import locked_case
from workflow.rows import read_row

Read = Callable[[Any, tuple[str, ...]], Any]


def _by_its_id(thing: Any, _related: tuple[str, ...]) -> Any:
    return read_row(type(thing), thing.pk, locked=True)


def hold(thing: Any, parents: Iterable[str] = (), read: Read = _by_its_id) -> str:
    """Lock the case, then the row, and read both again; the row's true status.

    Every change in a case waits for the one before it, so two people never decide at
    once and no two changes can wait for each other. A new row has no status yet ("").
    Related rows that were loaded before are forgotten, and those that ``parents`` names are
    read again; ``one.other`` is what the first of them leads to. ``read`` locks and reads a row
    that is there, with the related rows of these names.
    """
    parents = tuple(path.replace(".", "__") for path in parents if path != "case")
    has_waited = False
    if not is_the_case(thing):
        model = thing._meta.get_field("case").related_model
        thing.case, has_waited = locked_case(model, thing.case_id)
    elif not thing._state.adding:
        if thing.is_shared:
            in_the_queue(type(thing), thing.pk)
        fresh, has_waited = locked_case(type(thing), thing.pk, partial(read, thing, parents))
        fresh = fresh if has_waited else read(thing, parents)
    if has_waited:
        _forget_keys(thing)
    if thing._state.adding:
        _read_again(thing, parents)
        return ""
    if not is_the_case(thing):
        fresh = read(thing, parents)
        fresh.case = thing.case
    thing._state.fields_cache.clear()
    thing.take_from(fresh)
    status: str = thing.status
    return status


def one_at_a_time(what: str, *, shared: bool = False) -> None:
    """Have whoever else does this wait until this transaction has ended; SQLite has one writer.

    Those who share it wait for nobody but whoever does not, and for whoever waits for that.
    """
    if connection.vendor == "postgresql":
        way = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {way}(hashtextextended(%s, 0))", [what])


def in_the_queue(model: type[models.Model], pk: Any, *, shared: bool = False) -> None:
    """Wait for a row's turn before it is locked, behind whoever came first.

    PostgreSQL lets those who share a row's lock pass whoever waits to change it, for ever.
    """
    one_at_a_time(f"{model._meta.label_lower}:{pk}", shared=shared)


def _forget_keys(thing: Any) -> None:
    """While this waited for the lock, the case may have been given another key."""
    if (case_id := getattr(thing, "case_id", None)) is not None:
        forget_case_keys(case_id)


def _read_again(thing: models.Model, paths: Iterable[str]) -> None:
    """Each parent once, together with what it leads to."""
    beyond: dict[str, tuple[str, ...]] = {}
    for path in paths:
        first, _to, rest = path.partition("__")
        beyond[first] = beyond.get(first, ()) + ((rest,) if rest else ())
    for first, related in beyond.items():
        model: Any = thing._meta.get_field(first).related_model
        setattr(thing, first, read_row(model, getattr(thing, f"{first}_id"), related=related))


def is_the_case(thing: models.Model | type[models.Model]) -> bool:
    """Whether it is a case, or a row of the register, and no part of one."""
    return not any(field.name == "case" for field in thing._meta.concrete_fields)
