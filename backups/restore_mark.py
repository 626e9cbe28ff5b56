# ruff: noqa: S608 - a name that is ours
"""The mark that a restored database bears until it is proved: a table, there or not there.

It is made before anything is restored, so that a restore that is killed leaves it; only the owner
of the tables can make it or take it away; and every role sees whether it is there.
"""

from typing import Any, Final

from django.db import connections

MARK: Final = "restored_not_yet_proved"
TABLE: Final = f"public.{MARK}"  # where it is looked for, whatever this role's search_path says
IS_THERE: Final = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relname = %s
"""


def is_marked(alias: str) -> bool:
    """Whether this database was restored and nobody has proved it since."""
    if connections[alias].vendor != "postgresql":
        return False
    with connections[alias].cursor() as cursor:
        return marked(cursor)


def marked(cursor: Any) -> bool:
    """The same, of whatever database this cursor is in."""
    cursor.execute(IS_THERE, [MARK])
    return bool(cursor.fetchone()[0])


def set_mark(cursor: Any, name: str) -> None:
    """Mark it, with the name of the set whose restore begins."""
    cursor.execute(
        f"CREATE TABLE IF NOT EXISTS {TABLE}"
        " (begun timestamptz NOT NULL, name text NOT NULL, is_whole boolean NOT NULL)"
    )
    cursor.execute(f"DELETE FROM {TABLE}")
    cursor.execute(f"INSERT INTO {TABLE} VALUES (now(), %s, false)", [name])


def set_whole(cursor: Any) -> None:
    """Everything of the restore is there: what is left is to prove it."""
    cursor.execute(f"UPDATE {TABLE} SET is_whole = true")


def is_whole(alias: str) -> bool:
    """Whether the restore that this mark is of came to its end; True where there is no mark."""
    if not is_marked(alias):
        return True
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT coalesce(bool_and(is_whole), false) FROM {TABLE}")
        return bool(cursor.fetchone()[0])


def take_mark_away(alias: str) -> None:
    """It is proved."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
