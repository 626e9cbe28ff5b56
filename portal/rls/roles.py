"""The roles of the portal's processes: made by whoever builds the wall, and who may connect where.

Two of them need a power that not every owner can give (docs/adr/0099): where this one cannot, the
rest is built, and it is said what a superuser has to run.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.db import ProgrammingError, connections, transaction
from psycopg2.extensions import encrypt_password  # type: ignore[import-untyped]

from portal.rls.plan import BACKUP, DRILL, HAVE_RIGHTS

ONE_AT_A_TIME: Final = 5_802_026  # an advisory lock: two who build would trip over each other
NOT_LET: Final = "42501"
PLAIN: Final = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT"


@dataclass(frozen=True)
class Power:
    """What one role may that no other may: how it gets it, and whether it has it."""

    given: dict[str, str]  # each statement by what holds once it was run
    by_hand: str


POWERS: Final = {
    # It reads every row for pg_dump, and can write none.
    BACKUP: Power(
        {
            "rolbypassrls": f"ALTER ROLE {BACKUP} BYPASSRLS",
            # Until this, it had that, and so the passwords of every role as the server keeps them.
            "NOT pg_has_role(rolname, 'pg_read_all_data', 'MEMBER') OR rolsuper": (
                f"REVOKE pg_read_all_data FROM {BACKUP}"
            ),
        },
        f"CREATE ROLE {BACKUP}; ALTER ROLE {BACKUP} LOGIN BYPASSRLS; "
        f"REVOKE pg_read_all_data FROM {BACKUP};",
    ),
    # Without INHERIT it would not be the owner of the schema in its own databases.
    DRILL: Power(
        {"rolcreatedb AND rolinherit": f"ALTER ROLE {DRILL} CREATEDB INHERIT"},
        f"CREATE ROLE {DRILL}; ALTER ROLE {DRILL} LOGIN CREATEDB INHERIT;",
    ),
}
MAY_CONNECT: Final = (*HAVE_RIGHTS, BACKUP)
CONNECT: Final = """
SELECT coalesce(r.rolname, 'PUBLIC') FROM pg_database d
CROSS JOIN aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE d.datname = current_database() AND a.privilege_type = 'CONNECT'
"""


# What it was not given in its own name, whatever it has by another role.
UNREAD: Final = """
SELECT format('%%I.%%I', 'public', c.relname) FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S')
AND NOT EXISTS (
    SELECT 1 FROM aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
    WHERE r.rolname = %s AND a.privilege_type = 'SELECT'
) ORDER BY 1
"""


# Settings that a role begins each session with, by where: everywhere, or in one database.
SETTINGS_OF: Final = """
SELECT coalesce(' IN DATABASE ' || quote_ident(d.datname), '')
FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
LEFT JOIN pg_database d ON d.oid = s.setdatabase WHERE r.rolname = %s
"""


class RolesMissing(Exception):
    """Roles that the wall names could not be made; the text says by whom they can."""


class _NotGiven(Exception):
    """A role lacks a power after all, or kept one that it should have lost."""


def make_roles(
    alias: str,
    passwords: dict[str, str] | None = None,
    *,
    roles: tuple[str, ...] = HAVE_RIGHTS,
) -> list[str]:
    """Make those that are missing; without a password nobody signs in as one.

    Those of ``POWERS`` that this owner could not give theirs are the answer. Raises RolesMissing
    for any other.
    """
    lacking = []
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        for role in roles:
            try:
                with transaction.atomic(using=alias):
                    _make(connections[alias], cursor, role, (passwords or {}).get(role, ""))
            except _NotGiven:
                lacking.append(role)
            except ProgrammingError as fault:
                if getattr(fault.__cause__, "pgcode", None) != NOT_LET:
                    raise
                lacking.append(role)
    if missing := [role for role in lacking if role not in POWERS]:
        raise RolesMissing(
            f"This owner may not make these roles, or not set their passwords: {missing}. Have "
            "PostgreSQL's superuser give it CREATEROLE, or make them (docs/installation.md)."
        )
    return lacking


def _make(connection: Any, cursor: Any, role: str, password: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        cursor.execute(f"CREATE ROLE {role} {PLAIN}")
    _take_settings_away(cursor, role)
    for there, statement in POWERS[role].given.items() if role in POWERS else ():
        if not _is_so(cursor, role, there):
            cursor.execute(statement)
            # What somebody else has given, PostgreSQL leaves with a warning.
            if not _is_so(cursor, role, there):
                raise _NotGiven
    if password:
        # Hashed here: a server that logs statements would log the password.
        wire = connection.connection
        hashed = encrypt_password(password, role, wire, "scram-sha-256")
        cursor.execute(f"ALTER ROLE {role} PASSWORD %s", [hashed])


def _take_settings_away(cursor: Any, role: str) -> None:
    """A role may give itself settings that outlive its session, such as a time-out of nothing."""
    cursor.execute(SETTINGS_OF, [role])
    for (where,) in cursor.fetchall():
        cursor.execute(f"ALTER ROLE {role}{where} RESET ALL")


def _is_so(cursor: Any, role: str, condition: str) -> bool:
    cursor.execute(f"SELECT {condition} FROM pg_roles WHERE rolname = %s", [role])  # noqa: S608
    return bool(cursor.fetchone()[0])


def let_read(alias: str) -> None:
    """Have the backup read each table and each sequence that is there now, and nothing else.

    Of one that comes with a later migration it says so, until this was done again.
    """
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [BACKUP])
        if cursor.fetchone() is None:
            return
        if not _is_so(cursor, BACKUP, "has_schema_privilege(rolname, 'public', 'USAGE')"):
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {BACKUP}")
        cursor.execute(UNREAD, [BACKUP])
        if unread := [name for (name,) in cursor.fetchall()]:
            cursor.execute(f"GRANT SELECT ON {', '.join(unread)} TO {BACKUP}")


def let_in(alias: str) -> None:
    """Have none but the portal's processes connect, beside owner and superusers; not the drill."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(MAY_CONNECT)])
        wanted = {name for (name,) in cursor.fetchall()}
        cursor.execute(CONNECT)
        may = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT quote_ident(current_database())")
        [here] = cursor.fetchone()
        for role in sorted(wanted - may):
            cursor.execute(f"GRANT CONNECT ON DATABASE {here} TO {role}")
        for role in sorted(may & {"PUBLIC", DRILL}):
            cursor.execute(f"REVOKE CONNECT ON DATABASE {here} FROM {role}")
