"""Whom a restore goes in as: what is in a backup runs as a role that may do nothing to the server.

A dump is a program of SQL. As a superuser it could run other programs, read the server's files and
make roles; so where the owner of the databases is one, as that of an image of PostgreSQL is, a role
is made for the restore alone, which gives what it made to the owner and goes (M5).
"""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from secrets import token_hex, token_urlsafe
from typing import Any, Final

import psycopg2  # type: ignore[import-untyped]
from psycopg2 import sql
from psycopg2.extensions import encrypt_password  # type: ignore[import-untyped]

from backups.servers import Server

NAME: Final = "portal_restores_"
# Whoever is one of these is as good as a superuser.
POWERFUL: Final = """
SELECT rolsuper OR EXISTS (
    SELECT FROM pg_catalog.pg_roles AS p WHERE p.rolname IN ('pg_execute_server_program',
        'pg_read_server_files', 'pg_write_server_files') AND pg_has_role(r.oid, p.oid, 'MEMBER'))
FROM pg_catalog.pg_roles AS r WHERE rolname = current_user
"""


@contextlib.contextmanager
def without_power(server: Server) -> Iterator[Server]:
    """The same database, asked as somebody who is no superuser and owns nothing else."""
    with server.asked() as link:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(POWERFUL)
            if not cursor.fetchone()[0]:
                yield server
                return
            _clear_away(cursor)
            name, password = NAME + token_hex(8), token_urlsafe(32)
            role = sql.Identifier(name)
            _do(
                cursor,
                "CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS"
                " NOREPLICATION CONNECTION LIMIT 2 PASSWORD {hashed}",
                role=role,
                # Hashed here: a server that logs statements would log the password.
                hashed=sql.Literal(encrypt_password(password, name, link, "scram-sha-256")),
            )
            try:
                base = sql.Identifier(server.name)
                _do(
                    cursor,
                    "GRANT CREATE, TEMPORARY ON DATABASE {base} TO {role}",
                    base=base,
                    role=role,
                )
                _do(cursor, "GRANT USAGE, CREATE ON SCHEMA public TO {role}", role=role)
                yield replace(server, user=name, password=password)
                _do(cursor, "REASSIGN OWNED BY {role} TO CURRENT_USER", role=role)
            finally:
                _drop(cursor, role)


def _do(cursor: Any, statement: str, **names: Any) -> None:
    cursor.execute(sql.SQL(statement).format(**names))


def _drop(cursor: Any, role: Any) -> None:
    _do(cursor, "DROP OWNED BY {role}", role=role)  # its rights, and what a failed one has left
    _do(cursor, "DROP ROLE {role}", role=role)


def _clear_away(cursor: Any) -> None:
    """Roles of killed restores, once their databases are gone; of one that runs, nothing."""
    cursor.execute("SELECT rolname FROM pg_catalog.pg_roles WHERE starts_with(rolname, %s)", [NAME])
    for (name,) in cursor.fetchall():
        with contextlib.suppress(psycopg2.Error):  # it has rights in another database
            _do(cursor, "DROP ROLE {role}", role=sql.Identifier(name))
