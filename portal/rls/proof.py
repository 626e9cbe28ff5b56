"""Proves at the start that the wall stands and that this process is behind it."""

from typing import Any

from django.conf import settings
from django.db import connections

from portal.rls.building import edition
from portal.rls.plan import HAVE_RIGHTS, KEYSTORE_TABLE, LEAVES, LEDGER, PAGES, WORK, tables
from portal.rls.rights import OF_PAGES, WORKER, Rights
from portal.rls.roles import SETTINGS_OF
from portal.startup_checks import stop

BUILD = "run `manage.py rls build` as the owner of the tables"
ROLES = """
SELECT r.rolsuper, r.rolbypassrls, pg_has_role(%s, 'MEMBER'), pg_has_role(%s, 'MEMBER'),
pg_has_role(%s, 'MEMBER')
FROM pg_roles r WHERE r.rolname = current_user
"""
OWNED = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'S')
AND pg_has_role(c.relowner, 'MEMBER')
"""
# Each verb of each table that the role may do, and whether to every column.
MAY = """
SELECT c.relname, verb, has_table_privilege(c.oid, verb)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS verb
WHERE n.nspname = 'public' AND c.relkind = 'r' AND (has_table_privilege(c.oid, verb)
    OR verb IN ('INSERT', 'UPDATE') AND has_any_column_privilege(c.oid, verb)) ORDER BY 1, 2
"""
OPEN = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relname = ANY(%s) AND NOT (c.relrowsecurity AND EXISTS (
    SELECT 1 FROM pg_policies p
    WHERE p.tablename = c.relname AND p.policyname = 'second_wall_read'
)) ORDER BY 1
"""


def faults(alias: str, *, may_work: bool = True) -> list[str]:
    """What is wrong with the role of this process, and with the wall; nothing where all is well.

    ``may_work`` lets the worker's role pass, which sees every row and must serve no page.
    """
    with connections[alias].cursor() as cursor:
        found = list(_of_the_role(cursor, may_work=may_work))
        if alias == "default" and not found:
            found = list(_of_the_wall(cursor))
    return [f"Database {alias!r}: {fault}" for fault in found]


def _of_the_role(cursor: Any, *, may_work: bool) -> Any:
    cursor.execute("SELECT current_user, count(*) FROM pg_roles WHERE rolname IN %s", [HAVE_RIGHTS])
    role, known = cursor.fetchone()
    if known < len(HAVE_RIGHTS):
        yield f"the portal's roles are missing: {BUILD}."
        return
    cursor.execute(ROLES, [PAGES, WORK, LEDGER])
    is_super, bypasses, is_pages, is_work, is_ledger = cursor.fetchone()
    instead = f"use {PAGES} for web processes and {WORK} for workers"
    if is_super or bypasses:
        yield f"{role} goes round row-level security: {instead}."
        return
    cursor.execute(SETTINGS_OF, [role])
    if cursor.fetchall():
        yield f"{role} begins with settings of its own (ALTER ROLE ... SET): {BUILD}."
    cursor.execute(OWNED)
    if cursor.fetchone()[0]:
        yield f"{role} owns tables, so that row-level security does not bind it: {instead}."
    if is_ledger:
        yield f"{role} is the sequencer's and must do nothing else: {instead}."
    if is_work and not may_work:
        yield f"{role} sees every case and must serve no page: use {PAGES}."
    if not (is_pages or is_work or is_ledger):
        yield f"{role} has no part in the portal: {instead}."
    if is_pages or is_work:
        yield from _beyond(cursor, role, OF_PAGES if is_pages else WORKER)


def _beyond(cursor: Any, role: str, rights: Rights) -> Any:
    """What the role may change that is not written down for it."""
    written = {table: ", ".join(each) for table, each in rights.items()}
    if rights is OF_PAGES:
        written[KEYSTORE_TABLE] = "INSERT ("  # in the other database, all but the row's number
    cursor.execute(MAY)
    found = [
        f"{verb} on {table}"
        for table, verb, to_all in cursor.fetchall()
        if verb not in written.get(table, "") or (to_all and f"{verb} (" in written[table])
    ]
    if found:
        yield f"{role} may do more than it needs ({', '.join(found[:5])}): {BUILD}."


def _of_the_wall(cursor: Any) -> Any:
    cursor.execute(OPEN, [[LEAVES, *(table.name for table in tables())]])
    if found := [name for (name,) in cursor.fetchall()]:
        yield f"no row-level security on {', '.join(found)}: {BUILD}."
        return
    cursor.execute("SELECT to_regprocedure('wall_edition()') IS NOT NULL")
    stands = cursor.fetchone()[0]
    if stands:
        cursor.execute("SELECT wall_edition()")
        stands = cursor.fetchone()[0] == edition()
    if not stands:
        yield f"the wall is that of another edition of the portal: {BUILD}."


def check_wall_or_stop(*, may_work: bool = False) -> None:
    """Say in plain words what is wrong, and end the process, before it serves anybody."""
    if not settings.SECOND_WALL:
        return
    found = [fault for alias in connections for fault in faults(alias, may_work=may_work)]
    if found:
        stop(found)
