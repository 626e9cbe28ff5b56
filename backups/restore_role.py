"""Whom a restore goes in as: what is in a backup runs as a role that may do nothing to the server.

A dump is a program of SQL. As a superuser it could run other programs, read the server's files and
make roles; so where the owner of the databases is one, as that of an image of PostgreSQL is, or may
make roles, a role is made for the restore alone, whose works go to the owner (M5).
"""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from secrets import token_hex, token_urlsafe
from typing import Any, Final

import psycopg2  # type: ignore[import-untyped]
from psycopg2 import sql
from psycopg2.extensions import encrypt_password  # type: ignore[import-untyped]

from backups.errors import BackupFault
from backups.servers import Server

NAME: Final = "portal_restores_"
ONE_AT_A_TIME: Final = 5_802_096  # an advisory lock
# Whoever is one of these is as good as a superuser, or can become one: until PostgreSQL 16 whoever
# makes roles gives any but that.
POWERFUL: Final = """
SELECT rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls OR EXISTS (
    SELECT FROM pg_catalog.pg_roles AS p WHERE p.rolname IN ('pg_execute_server_program',
        'pg_read_server_files', 'pg_write_server_files') AND pg_has_role(r.oid, p.oid, 'MEMBER'))
FROM pg_catalog.pg_roles AS r WHERE rolname = current_user
"""


@contextlib.contextmanager
def without_power(server: Server) -> Iterator[Server]:
    """The same database, asked as somebody who is no superuser and owns nothing else."""
    with _alone(server) as cursor:
        cursor.execute(POWERFUL)
        powerful = cursor.fetchone()[0]
        if powerful:
            name, password = _make(cursor, server)
    if not powerful:
        yield server
        return
    try:
        yield replace(server, user=name, password=password)
    except BaseException:
        # What went wrong first is what is to be said; the next restore clears this away.
        with contextlib.suppress(BackupFault), _alone(server) as cursor:
            _drop(cursor, name)
        raise
    # Anew: a restore lasts hours, and nobody keeps a wire open that long on which nothing is said.
    with _alone(server) as cursor:
        _do(cursor, "REASSIGN OWNED BY {role} TO CURRENT_USER", name)
        _drop(cursor, name)


@contextlib.contextmanager
def _alone(server: Server) -> Iterator[Any]:
    """One transaction, and no other restore makes or drops its role meanwhile."""
    with server.asked() as link, link, link.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        yield cursor


def _make(cursor: Any, server: Server) -> tuple[str, str]:
    """The role and its password."""
    _clear_away(cursor)
    name, password = NAME + token_hex(8), token_urlsafe(32)
    # Hashed here: a server that logs statements would log the password.
    hashed = sql.Literal(encrypt_password(password, name, cursor.connection, "scram-sha-256"))
    base = sql.Identifier(server.name)
    _do(
        cursor,
        "CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS NOREPLICATION"
        " CONNECTION LIMIT 2 PASSWORD {hashed}",
        name,
        hashed=hashed,
    )
    _do(cursor, "GRANT {role} TO CURRENT_USER", name)  # or what it makes could not be given on
    _do(cursor, "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {base} TO {role}", name, base=base)
    _do(cursor, "GRANT USAGE, CREATE ON SCHEMA public TO {role}", name)
    return name, password


def _do(cursor: Any, statement: str, role: str, **names: Any) -> None:
    cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role), **names))


def _drop(cursor: Any, role: str) -> None:
    _do(cursor, "DROP OWNED BY {role}", role)  # its rights, and what a failed one has left
    _do(cursor, "DROP ROLE {role}", role)


def _clear_away(cursor: Any) -> None:
    """Roles of killed restores, once their databases are gone; of one that runs, nothing."""
    cursor.execute("SELECT rolname FROM pg_catalog.pg_roles WHERE starts_with(rolname, %s)", [NAME])
    for (name,) in cursor.fetchall():
        cursor.execute("SAVEPOINT one")
        try:
            _do(cursor, "DROP ROLE {role}", name)
        except psycopg2.Error:  # it has rights in another database
            cursor.execute("ROLLBACK TO SAVEPOINT one")
