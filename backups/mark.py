"""The mark that a restored database bears until it is proved: a table, there or not there.

It is made before anything is restored, so that a restore that is killed leaves it; only the owner
of the tables can make it or take it away; and every role sees whether it is there.
"""

from typing import Any, Final

from django.db import connections

MARK: Final = "restored_not_yet_proved"
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
    """Mark it, with the name of the set that is restored."""
    cursor.execute(f"CREATE TABLE IF NOT EXISTS {MARK} (at timestamptz NOT NULL, of text NOT NULL)")
    cursor.execute(f"INSERT INTO {MARK} VALUES (now(), %s)", [name])  # noqa: S608 - our own name


def take_mark_away(alias: str) -> None:
    """It is proved."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {MARK}")
