"""The roles of the portal's processes: made by whoever builds the wall, and who may connect where.

Two of them need a power that not every owner can give (docs/adr/0099): where this one cannot, the
rest is built, and it is said what a superuser has to run.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.db import ProgrammingError, connections, transaction
from psycopg2.extensions import encrypt_password  # type: ignore[import-untyped]

from portal.wall.plan import BACKUP, DRILL, HAVE_RIGHTS

ONE_AT_A_TIME: Final = 5_802_026  # an advisory lock: two who build would trip over each other
NOT_LET: Final = "42501"
PLAIN: Final = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT"


@dataclass(frozen=True)
class Power:
    """What one role may that no other may: how it gets it, and whether it has it."""

    given: tuple[str, ...]
    is_there: str
    by_hand: str


POWERS: Final = {
    # It reads every row for pg_dump, and can write none.
    BACKUP: Power(
        (f"ALTER ROLE {BACKUP} BYPASSRLS INHERIT", f"GRANT pg_read_all_data TO {BACKUP}"),
        "rolbypassrls AND pg_has_role(rolname, 'pg_read_all_data', 'USAGE')",
        f"CREATE ROLE {BACKUP} LOGIN BYPASSRLS; GRANT pg_read_all_data TO {BACKUP};",
    ),
    # Without INHERIT it would not be the owner of the schema in its own databases.
    DRILL: Power(
        (f"ALTER ROLE {DRILL} CREATEDB INHERIT",),
        "rolcreatedb AND rolinherit",
        f"CREATE ROLE {DRILL} LOGIN CREATEDB;",
    ),
}
MAY_CONNECT: Final = (*HAVE_RIGHTS, BACKUP)
CONNECT: Final = """
SELECT coalesce(r.rolname, 'PUBLIC') FROM pg_database d
CROSS JOIN aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE d.datname = current_database() AND a.privilege_type = 'CONNECT'
"""


class RolesMissing(Exception):
    """Roles that the wall names could not be made; the text says by whom they can."""


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
    if power := POWERS.get(role):
        cursor.execute(f"SELECT {power.is_there} FROM pg_roles WHERE rolname = %s", [role])  # noqa: S608
        for statement in () if cursor.fetchone()[0] else power.given:
            cursor.execute(statement)
    if password:
        # Hashed here: a server that logs statements would log the password.
        wire = connection.connection
        hashed = encrypt_password(password, role, wire, "scram-sha-256")
        cursor.execute(f"ALTER ROLE {role} PASSWORD %s", [hashed])


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
