"""Rows put back as they were, where a test would otherwise make them anew.

PostgreSQL copies them out once and in again in a few milliseconds: an empty portal after a test
that committed, the cast before each test, a world of cases for a file of tests. Triggers and
foreign keys are off meanwhile, since the rows have been through them once.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

from django.db import connections, transaction

BOTH = ("default", "keystore")
ROOMY = 1_000_000  # bytes of a table above which what was deleted is given back

TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
    ORDER BY relname
"""
EMPTY = """
    DO $$
    DECLARE held regclass;
    BEGIN
      FOR held IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
          AND pg_relation_size(oid) > 0 AND relname <> ALL (string_to_array('{kept}', ','))
      LOOP
        EXECUTE format('DELETE FROM %s', held);
      END LOOP;
    END $$
"""


@dataclass
class Rows:
    """Every row of some tables of both databases, as at one moment."""

    copies: dict[str, dict[str, bytes]] = field(default_factory=dict)

    @classmethod
    def of_now(cls, *, apart_from: "Rows | None" = None) -> "Rows":
        """Copy all that is there, but for tables that another copy holds."""
        rows = cls({alias: {} for alias in BOTH})
        for alias in BOTH:
            known = apart_from.copies[alias] if apart_from else {}
            with connections[alias].cursor() as cursor:
                cursor.execute(TABLES)
                for (table,) in cursor.fetchall():
                    if table not in known and (copy := copied_out(cursor, table)):
                        rows.copies[alias][table] = copy
        return rows

    def are_gone(self) -> bool:
        """Whether the tables that hold them are empty."""
        return not any(_has_rows(alias, copies) for alias, copies in self.copies.items())

    def put_back(self) -> None:
        """Add them again; nothing of them may be there."""
        for alias, copies in self.copies.items():
            if not copies:
                continue
            with unchecked(alias), connections[alias].cursor() as cursor:
                for table, copy in copies.items():
                    cursor.copy_expert(f'COPY "{table}" FROM STDIN', BytesIO(copy))


class Empty:
    """The databases as the migrations leave them, to come back to after a test that commits."""

    def __init__(self) -> None:
        self.rows = Rows.of_now()
        self.marks = {alias: self._marks(alias) for alias in BOTH}

    def come_back(self, alias: str) -> None:
        """Delete what a test has left, and mend what it has changed of what was there before."""
        kept = self.rows.copies[alias]
        with unchecked(alias), connections[alias].cursor() as cursor:
            cursor.execute(EMPTY.format(kept=",".join(kept)))
            for table, mark in self._marks(alias).items():
                if mark != self.marks[alias][table]:
                    cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own tables
                    cursor.copy_expert(f'COPY "{table}" FROM STDIN', BytesIO(kept[table]))
        self.marks[alias] = self._marks(alias)
        _give_back_room(alias)

    def is_here(self) -> bool:
        """Whether no test, and no fixture before, has left a row."""
        for alias in BOTH:
            with connections[alias].cursor() as cursor:
                cursor.execute(TABLES)
                tables = {table for (table,) in cursor.fetchall()}
            if _has_rows(alias, tables - set(self.rows.copies[alias])):
                return False
        return True

    def _marks(self, alias: str) -> dict[str, tuple[int, int]]:
        """For each table how many rows it has, and the youngest transaction that wrote one."""
        found = {}
        with connections[alias].cursor() as cursor:
            for table in self.rows.copies[alias]:
                youngest = "coalesce(max(xmin::text::bigint), 0)"
                cursor.execute(f'SELECT count(*), {youngest} FROM "{table}"')  # noqa: S608
                found[table] = cursor.fetchone()
        return found


@contextmanager
def unchecked(alias: str) -> Iterator[None]:
    """One transaction, or a part of the one that runs, in which no trigger fires."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def _has_rows(alias: str, tables: Iterable[str]) -> bool:
    """Whether there is a row in any of these tables."""
    anything = " OR ".join(f'EXISTS (SELECT FROM "{table}")' for table in tables)
    if not anything:
        return False
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT {anything}")
        return bool(cursor.fetchone()[0])


def copied_out(cursor: object, table: str) -> bytes:
    """The rows of a table in the form that COPY takes."""
    copy = BytesIO()
    cursor.copy_expert(f'COPY "{table}" TO STDOUT', copy)  # type: ignore[attr-defined]
    return copy.getvalue()


def _give_back_room(alias: str) -> None:
    """Deleted rows still lie in their tables, and whoever reads those would read past them."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > %s",
            [ROOMY],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"VACUUM {table}")
