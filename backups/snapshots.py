"""One moment of a database: what is counted and what is dumped are of the same."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from backups.errors import BackupFault
from backups.restore_mark import MARK
from backups.servers import Server

TABLES: Final = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1
"""
LAST_CHECKPOINT: Final = "SELECT size, note FROM audit_signedcheckpoint ORDER BY size DESC LIMIT 1"
HEADS: Final = "SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app"


@dataclass(frozen=True)
class Snapshot:
    """What was found at that moment; ``name`` is how another connection sees the same."""

    name: str
    server: str
    migrations: dict[str, str]
    counts: dict[str, int]
    checkpoint: str
    checkpoint_size: int


@contextlib.contextmanager
def snapshot(server: Server) -> Iterator[Snapshot]:
    """Hold one moment of this database for as long as a dump of it takes."""
    with server.asked() as link:
        link.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with link.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
            name, version = cursor.fetchone()
            tables = tables_of(cursor)
            if MARK in tables:
                raise BackupFault(
                    f"{server.name} was restored and is not yet proved, so no backup of it is "
                    "made. Run `manage.py prove_restore` first."
                )
            if "django_migrations" not in tables:
                raise BackupFault(f"{server.name} holds no portal: there is nothing to back up.")
            size, note = 0, ""
            if "audit_signedcheckpoint" in tables:
                cursor.execute(LAST_CHECKPOINT)
                size, note = cursor.fetchone() or (0, "")
            cursor.execute(HEADS)
            heads = dict(cursor.fetchall())
            yield Snapshot(name, version, heads, counts(cursor, tables), note, size)


def tables_of(cursor: Any) -> list[str]:
    """The tables that are there."""
    cursor.execute(TABLES)
    return [name for (name,) in cursor.fetchall()]


def counts(cursor: Any, tables: list[str]) -> dict[str, int]:
    """How many rows each has."""
    found = {}
    for table in tables:
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - names out of the catalogue
        found[table] = cursor.fetchone()[0]
    return found
