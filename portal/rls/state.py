"""Whether the wall stands as it was built, and how its tables are locked to build it anew.

A build holds every table of the records for a moment, while pages read and write them. So it takes
none where nothing differs; takes all of them at once, in one order; gives up before a page that
waits for it would be ended for a deadlock; and tries again.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import DatabaseError, OperationalError, connections, transaction

# Shorter than the second after which PostgreSQL ends one of two who wait for each other.
LOCKED_WITHIN: Final = 700  # milliseconds
TRIES: Final = 120
PAUSE: Final = 0.5  # seconds, in which pages come through
# Ended for a deadlock, no lock, no time left, changed by another meanwhile.
AGAIN: Final = ("40P01", "55P03", "57014", "XX000")

# All that a build makes, as the database itself says it: policies, functions, rights. As text, for
# beside a column of type name the others would be cut off after 63 letters.
STANDS: Final = """
SELECT 'policy', tablename::text, policyname::text, roles::text, cmd::text, qual, with_check
FROM pg_policies WHERE schemaname = 'public'
UNION ALL SELECT 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid), p.proacl::text,
    p.proowner::regrole::text, '', ''
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'wall\\_%'
UNION ALL SELECT 'relation', c.relname, c.relacl::text, c.relrowsecurity::text,
    c.relowner::regrole::text,
    (SELECT string_agg(a.attname || a.attacl::text, ',' ORDER BY a.attnum)
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL), ''
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
UNION ALL SELECT 'schema', n.nspname, n.nspacl::text, '', '', '', ''
FROM pg_namespace n WHERE n.nspname = 'public'
UNION ALL SELECT 'database', '', d.datacl::text, '', '', '', ''
FROM pg_database d WHERE d.datname = current_database()
ORDER BY 1, 2, 3
"""
NOTE: Final = "SELECT obj_description(to_regprocedure('public.wall_edition()')::oid, 'pg_proc')"


class TooBusy(Exception):
    """The tables could not be had for a moment; the text says what to do."""


def stands_as_built(cursor: Any, edition: str) -> bool:
    """Whether this edition was built here, and nothing of it was changed since."""
    cursor.execute(NOTE)
    said = cursor.fetchone()[0]
    return bool(said == _note(cursor, edition))


def note_built(cursor: Any, edition: str) -> None:
    """Write down, beside the wall, what it is like now."""
    cursor.execute("COMMENT ON FUNCTION public.wall_edition() IS %s", [_note(cursor, edition)])


def _note(cursor: Any, edition: str) -> str:
    cursor.execute(STANDS)
    digest = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return f"{edition} {digest}"


@contextmanager
def at_once(alias: str) -> Iterator[Any]:
    """A transaction that holds every table of the records."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = ", ".join(f'public."{name}"' for (name,) in cursor.fetchall())
        cursor.execute("SHOW statement_timeout")
        usual = cursor.fetchone()[0]
        if names:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true)", [f"{LOCKED_WITHIN}ms"]
            )
            cursor.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [usual])
        yield cursor


def tried_again(build: Callable[[], None]) -> None:
    """Do it, and again where pages were in its way; raises TooBusy where they always are."""
    for number in range(TRIES):
        if number:
            time.sleep(PAUSE)
        try:
            build()
        except (OperationalError, DatabaseError) as fault:
            if getattr(fault.__cause__, "pgcode", None) not in AGAIN:
                raise
        else:
            return
    raise TooBusy(
        "The portal's tables are in use without a break, so that the wall could not be built. "
        "Nothing was changed. Stop the web containers or wait for a quieter time, and run it again."
    )
