"""What walks have reached once, put back for whoever walks the same way again.

From the same rows the same walk leads to the same rows, so a walk's tables are copied when it is
done, and put back for the next test that asks for it, beside what reading pages and signing in
have written. It is walked anew where anything else was written before it, where time is not the
real one, where a test changes settings or code, and after half a minute: no longer than a busy
machine might have taken over it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from io import BytesIO
from itertools import count
from typing import Any, ParamSpec, TypeVar

import pytest
import time_machine
from django.conf import UserSettingsHolder, settings
from django.core import mail
from django.db import connections
from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise

from agencies.acting import Actor
from encryption.unit_of_work import key_cache
from tests.cast import Cast
from tests.plugins.rows import BOTH, Rows, copied_out, unchecked

P = ParamSpec("P")
R = TypeVar("R")
YOUNG = 30  # seconds
# How many rows were written counts undone ones too; the setting is undone with its savepoint.
MARK = "tests.checkpoint"
WRITTEN = """
    SELECT 'tests.checkpoint',
           coalesce(nullif(current_setting('tests.checkpoint', true), '')::bigint, 0)
    UNION ALL
    SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
                  + pg_stat_get_xact_tuples_deleted(oid)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""
# With these a test looks into what a walk does, or at how long ago it was.
LOOKING = {"django_capture_on_commit_callbacks", "django_assert_num_queries", "walked_anew"}
HARMLESS = {"FILES_DIR", "DISPOSAL_REGISTER"}  # no walk that is kept has a file or ends a record
# What reading a page and signing in write; walks only add to these.
LOOKS = {
    "agencies_user",
    "agencies_historicaluser",
    "signed_in_session",
    "audit_accessentry",
    "audit_leaf",
}
Marks = dict[str, dict[str, int]]
Tables = dict[str, dict[str, bytes]]


class NotKept(Exception):
    """A walk was given, or gave back, what cannot be told from its like."""


@dataclass
class Checkpoint:
    """The tables that a walk has written to, what it gave back, and where walks lead from here."""

    made: float
    day: date
    whole: Tables = field(default_factory=dict)
    added: Tables = field(default_factory=dict)  # to those of LOOKS
    result: Any = None
    onwards: dict[Any, "Checkpoint"] = field(default_factory=dict)

    @classmethod
    def of_now(cls) -> "Checkpoint":
        """One that is being made."""
        return cls(time.monotonic(), timezone.localdate())

    @property
    def is_young(self) -> bool:
        return time.monotonic() - self.made < YOUNG and self.day == timezone.localdate()

    def put_back(self) -> None:
        """Have these rows in their tables, and nothing else but in those of LOOKS."""
        for alias in BOTH:
            whole, added = self.whole.get(alias, {}), self.added.get(alias, {})
            if not whole and not added:
                continue
            with unchecked(alias), connections[alias].cursor() as cursor:
                if whole:
                    cursor.execute("".join(f'DELETE FROM "{table}";' for table in whole))  # noqa: S608
                for table, copy in [*whole.items(), *added.items()]:
                    if copy:
                        cursor.copy_expert(f'COPY "{table}" FROM STDIN', BytesIO(copy))


class Checkpoints:
    """Where the databases are now, as far as that is known."""

    def __init__(self) -> None:
        self.start, self.of = Checkpoint.of_now(), Rows()
        self.at: Checkpoint | None = None
        self.cast: Cast | None = None
        self.patches: pytest.MonkeyPatch | None = None
        self.marks: Marks = {}
        self.numbers = count(1)

    def begin(self, cast: Cast, rows: Rows) -> None:
        """The cast of these rows is there, and nothing else."""
        if rows is not self.of:  # another cast than the last, whose walks led elsewhere
            self.start, self.of = Checkpoint.of_now(), rows
        self.cast = cast
        self._arrive(self.start)

    def stop(self) -> None:
        """Nobody knows what is there."""
        self.at = self.cast = None

    def walk(self, way: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Put back what ``way`` led to from here, or go it."""
        try:
            key = (way.__module__, way.__qualname__, self._key(args), self._key(kwargs))
        except NotKept:
            return way(*args, **kwargs)
        here = self.at
        if here is None or not self._nothing_changed():
            self.stop()
            return way(*args, **kwargs)
        known = here.onwards.get(key)
        if known is not None and known.is_young:
            known.put_back()
        else:
            try:
                known = _gone(way, args, kwargs)
            except NotKept as walked:
                self.stop()
                return walked.args[0]
            here.onwards[key] = known
        self._arrive(known)
        return _read(known.result)

    def _arrive(self, checkpoint: Checkpoint) -> None:
        number = next(self.numbers)
        for alias in BOTH:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT set_config(%s, %s, true)", [MARK, str(number)])
        self.at, self.marks = checkpoint, written()

    def _nothing_changed(self) -> bool:
        """Whether we are where we were, but for what was looked at."""
        return (
            not time_machine.escape_hatch.is_travelling()
            and overridden() <= HARMLESS
            and not self._is_patched()
            and all(connections[alias].in_atomic_block for alias in BOTH)
            and not any(changed - LOOKS for changed in since(self.marks).values())
        )

    def _is_patched(self) -> bool:
        """Whether the test has put something of its own in a place of the code."""
        if self.patches is None:
            return False
        # pytest-django names the mail server of every test.
        places = [place for place, *_ in self.patches._setattr if place is not mail.message]
        return bool(places or self.patches._setitem)

    def _key(self, value: Any) -> Any:
        """The same for two values only where a walk could not tell them apart."""
        if isinstance(value, Cast):
            if value is not self.cast:
                raise NotKept
            return "the cast"
        if isinstance(value, Actor):
            return ("actor", value.user.pk, value.agency.pk, value.permissions)
        if isinstance(value, Model):
            return _as_it_is(value)
        if isinstance(value, dict):
            return ("dict", *((name, self._key(each)) for name, each in sorted(value.items())))
        if isinstance(value, list | tuple):
            return (type(value).__name__, *map(self._key, value))
        if value is None or isinstance(value, str | int | date | Promise):
            return (type(value).__name__, str(value))
        raise NotKept


def _gone(way: Callable[..., Any], args: Any, kwargs: Any) -> Checkpoint:
    """Go a way, and keep where it led to. Raises NotKept, with what it gave back."""
    known, before = Checkpoint.of_now(), written()
    entries = {alias: _copies(alias, LOOKS & set(before[alias])) for alias in BOTH}
    result = way(*args, **kwargs)
    try:
        known.result = _named(result)
        for alias, tables in since(before).items():
            changed = tables - {MARK}
            copies = _copies(alias, changed)
            known.whole[alias] = {table: copies[table] for table in changed - LOOKS}
            known.added[alias] = {
                table: _added(entries[alias][table], copies[table]) for table in changed & LOOKS
            }
    except NotKept:
        raise NotKept(result) from None
    return known


def _copies(alias: str, tables: set[str]) -> dict[str, bytes]:
    with connections[alias].cursor() as cursor:
        return {table: copied_out(cursor, table) for table in tables}


def _added(before: bytes, after: bytes) -> bytes:
    """The rows that were not there before; none may have gone."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    held = set(old)
    if not held <= set(new):
        raise NotKept
    return b"".join(line for line in new if line not in held)


def _as_it_is(row: Model) -> Any:
    """A row with whatever was set on it and not saved."""
    held = {field.attname: row.__dict__.get(field.attname) for field in row._meta.concrete_fields}
    return (row._meta.label, row.pk, *(f"{name}={value!r}" for name, value in held.items()))


def _named(result: Any) -> Any:
    """What a walk gave back, by its keys: what a model opens of a record is never copied."""
    if isinstance(result, Model):
        return (type(result), result.pk)
    if isinstance(result, list):
        return [_named(each) for each in result]
    if result is None:
        return None
    raise NotKept


def _read(named: Any) -> Any:
    """The same as it stands in the database; also after the first walk, so that all get equal."""
    if isinstance(named, list):
        return [_read(each) for each in named]
    if named is None:
        return None
    model, pk = named
    return model._base_manager.get(pk=pk)


def written() -> Marks:
    """The checkpoint this transaction was last at, and how many rows of each table it wrote."""
    found: Marks = {}
    for alias in BOTH:
        with connections[alias].cursor() as cursor:
            cursor.execute(WRITTEN)
            found[alias] = dict(cursor.fetchall())
    return found


def since(marks: Marks) -> dict[str, set[str]]:
    """The tables that were written to since, and MARK where we came or went from a checkpoint."""
    now = written()
    return {
        alias: {table for table, rows in tables.items() if rows != marks[alias].get(table)}
        for alias, tables in now.items()
    }


HERE = Checkpoints()


def kept(way: Callable[P, R]) -> Callable[P, R]:
    """Have a walk put back where it can be, see ``Checkpoints``."""

    @wraps(way)
    def walked(*args: P.args, **kwargs: P.kwargs) -> R:
        with key_cache():  # as a page would have it
            return HERE.walk(way, args, kwargs)  # type: ignore[no-any-return]

    return walked


def overridden() -> set[str]:
    """The settings that a test has set."""
    everything: Any = settings
    found: set[str] = set()
    held = everything._wrapped
    while isinstance(held, UserSettingsHolder):
        found |= set(vars(held)) - {"default_settings", "_deleted"} | held._deleted
        held = held.default_settings
    return found


@pytest.fixture
def walked_anew() -> None:
    """Have a test walk every way itself, and just now."""


@contextmanager
def around(cast: Cast, test: pytest.FixtureRequest, rows: Rows | None) -> Iterator[None]:
    """Keep walks while a test runs whose cast, of these rows, stands alone in the databases."""
    fixtures = set(test.fixturenames)
    if rows and not fixtures & LOOKING:
        HERE.begin(cast, rows)
        HERE.patches = test.getfixturevalue("monkeypatch") if "monkeypatch" in fixtures else None
    try:
        yield
    finally:
        HERE.stop()
