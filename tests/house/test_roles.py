"""Each process connects as its role, with only what it is given: what it cannot do is refused.

What each may do in the tables of the records is in test_rights.py; here are who may connect where,
the table of the keystore, and the roles that are more than their rights (docs/adr/0099).
"""

from contextlib import contextmanager

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from psycopg2.errors import InsufficientPrivilege

from portal.rls.building import build
from portal.rls.roles import SETTINGS_OF, RolesMissing, make_roles
from tests import walks
from tests.house.test_rights import FORGED, is_let
from tests.retention import walks as disposals

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", "P-SECURE", part=True)]
RECORDS, KEYS, MAINTENANCE = "default", "keystore", "postgres"
PROCESSES = {
    "portal_app": {RECORDS, KEYS},
    "portal_worker": {RECORDS, KEYS},  # in the second with no right at all
    "portal_ledger": {RECORDS, KEYS},  # likewise
    "portal_disposals": {RECORDS, KEYS},
    "portal_backup": {RECORDS, KEYS},
    "portal_drill": set(),
}
OF_KEYS = {
    "portal_app": {"SELECT", "INSERT"},
    "portal_disposals": {"SELECT", "INSERT", "UPDATE wrapped", "UPDATE destroyed_at"},
    "portal_backup": {"SELECT"},
}
ATTRIBUTES = (
    "rolsuper",
    "rolbypassrls",
    "rolcreatedb",
    "rolcreaterole",
    "rolreplication",
)
HAVE = {"portal_backup": {"rolbypassrls"}, "portal_drill": {"rolcreatedb"}}
COPIES = ["portal_backup", "portal_drill"]
READS = ("SELECT session_data", "SELECT data")
THINGS_OF_ONES_OWN = [
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT nextval('audit_event_id_seq')",
    "CREATE ROLE mine",
    "ALTER ROLE portal_app PASSWORD 'mine'",
    "SELECT rolpassword FROM pg_authid",
    "SELECT passwd FROM pg_shadow",
    "GRANT portal_app TO CURRENT_USER",
    "SET ROLE portal_app",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY django_migrations FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
]


@contextmanager
def linked(role, alias):
    """A connection as this role and nobody before it, with nothing to set it back to."""
    config = connections[alias if alias in connections else RECORDS].settings_dict
    name = config["NAME"] if alias in connections else alias
    link = psycopg2.connect(host=config["HOST"], port=config["PORT"], user=role, dbname=name)
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            yield cursor
    finally:
        link.close()


def refused(role, alias, statement):
    """Whether the database refuses it for want of a right, and not for anything else."""
    try:
        with linked(role, alias) as cursor:
            cursor.execute("BEGIN")
            cursor.execute(statement)
    except InsufficientPrivilege:
        return True
    return False


@pytest.mark.parametrize("role", PROCESSES)
def test_each_connects_where_its_work_is_and_nowhere_else(role):
    for alias in (RECORDS, KEYS):
        try:
            with linked(role, alias) as cursor:
                cursor.execute("SELECT session_user")
                assert cursor.fetchone() == (role,)
                let = True
        except psycopg2.OperationalError as fault:
            assert "permission denied for database" in str(fault)  # noqa: PT017 - both ways count
            let = False
        assert let == (alias in PROCESSES[role]), alias


def test_nobody_else_connects():
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE somebody_else LOGIN")
        cursor.execute(
            "SELECT has_database_privilege('somebody_else', current_database(), 'CONNECT')"
        )
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("role", PROCESSES)
def test_none_has_more_power_than_its_work_needs(role):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(ATTRIBUTES)} FROM pg_roles WHERE rolname = %s",  # noqa: S608
            [role],
        )
        has = {name for name, on in zip(ATTRIBUTES, cursor.fetchone(), strict=True) if on}
        cursor.execute(
            "SELECT m.roleid::regrole::text FROM pg_auth_members m WHERE m.member = %s::regrole",
            [role],
        )
        belongs = {name for (name,) in cursor.fetchall()}
    assert has == HAVE.get(role, set())
    assert belongs == set(), "who reads all data reads the passwords of all roles too"


@pytest.mark.parametrize("role", PROCESSES)
def test_each_verb_in_the_keystore_is_as_written_here(role):
    table, other = "encryption_casekey", "django_migrations"
    tried = {
        "SELECT": f"SELECT * FROM {table} LIMIT 1",  # noqa: S608
        "INSERT": f"INSERT INTO {table} DEFAULT VALUES",
        "DELETE": f"DELETE FROM {table}",  # noqa: S608
        "TRUNCATE": f"TRUNCATE {table}",
    }
    with connections[KEYS].cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608
        for column in [each.name for each in cursor.description]:
            tried[f"UPDATE {column}"] = f"UPDATE {table} SET {column} = DEFAULT"  # noqa: S608
    found = {verb for verb, sql in tried.items() if is_let(role, sql, KEYS)}
    assert found == OF_KEYS.get(role, set())
    assert is_let(role, f"SELECT * FROM {other}", KEYS) == (role == "portal_backup")  # noqa: S608
    assert not is_let(role, f"DELETE FROM {other}", KEYS)  # noqa: S608


@pytest.mark.parametrize("statement", FORGED)
@pytest.mark.parametrize("role", [*COPIES, "portal_disposals"])
def test_nothing_by_which_somebody_gets_in_can_be_forged(role, statement, cast):
    if "retention_disposallist" in statement:
        disposals.listed(cast)  # what refuses it looks at rows
    if role == "portal_backup" and statement.startswith(READS):
        assert is_let(role, statement), "it copies them; keys that open them are elsewhere"
    elif role == "portal_disposals" and "audit_leaf" in statement:
        with linked(role, RECORDS) as cursor, pytest.raises(psycopg2.Error, match="json"):
            cursor.execute(statement)  # a trigger: it does not say what its entry says
    else:
        assert not is_let(role, statement)


@pytest.mark.parametrize("statement", THINGS_OF_ONES_OWN)
@pytest.mark.parametrize("alias", [RECORDS, KEYS])
def test_who_makes_backups_writes_nothing_at_all(alias, statement):
    if alias == KEYS:
        statement = statement.replace("audit_event_id_seq", "encryption_casekey_id_seq")
        statement = statement.replace("audit_event", "encryption_casekey")
    assert refused("portal_backup", alias, statement)


@pytest.mark.django_db(transaction=True)
def test_who_makes_backups_sees_every_row_whatever_the_wall_says(cast):
    """And pg_dump, which turns row security off, is not refused: half a backup would be none."""
    case = walks.sent(cast)
    with linked("portal_backup", RECORDS) as cursor:
        cursor.execute("SET row_security = off")
        cursor.execute("SELECT id FROM requests_app_informationrequest")
        assert [str(key) for (key,) in cursor.fetchall()] == [str(case.pk)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE DATABASE drill_data_0 TEMPLATE {records}",
        "ALTER DATABASE {records} OWNER TO portal_drill",
        "ALTER DATABASE {records} SET row_security = off",
        "DROP DATABASE {records}",
        "GRANT CONNECT ON DATABASE {records} TO portal_drill",
        "CREATE ROLE mine",
        "SET ROLE portal_app",
        "SET ROLE portal_backup",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "CREATE EXTENSION dblink",
    ],
)
def test_who_drills_gets_no_hold_of_what_is_not_its_own(statement):
    statement = statement.format(records=connection.settings_dict["NAME"])
    with (
        linked("portal_drill", MAINTENANCE) as cursor,
        pytest.raises((InsufficientPrivilege, psycopg2.errors.WrongObjectType)) as said,
    ):
        cursor.execute(statement)
    assert isinstance(said.value, InsufficientPrivilege), said.value


def test_what_destroys_holds_a_case_and_changes_nothing_of_it(cast):
    case = walks.sent(cast)
    assert case.status
    held = "SELECT 1 FROM requests_app_informationrequest FOR UPDATE"
    assert is_let("portal_disposals", held)
    for setting in ("id = id", "reference = reference", "status = status"):
        change = f"UPDATE requests_app_informationrequest SET {setting}"  # noqa: S608
        assert not is_let("portal_disposals", change)
    assert not is_let("portal_disposals", "SELECT * FROM decisions_answer")
    assert not is_let("portal_disposals", "SELECT * FROM agencies_user")


def test_an_owner_who_cannot_give_a_power_builds_all_else_and_is_told(capsys, monkeypatch):
    """As the owner of an installation without containers, made before there was this role."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER ROLE portal_backup NOBYPASSRLS")
        cursor.execute("CREATE ROLE plain_owner CREATEROLE")
        cursor.execute("SET LOCAL ROLE plain_owner")
        asked = ("portal_app", "portal_backup", "portal_drill")
        assert make_roles(RECORDS, roles=asked) == ["portal_backup"]
        cursor.execute("SET LOCAL ROLE portal_app")
        with pytest.raises(RolesMissing, match="CREATEROLE"):
            make_roles(RECORDS, {"portal_worker": "new"})
        cursor.execute("SET LOCAL ROLE none")
        transaction.set_rollback(True)
    monkeypatch.setattr("portal.management.commands.rls.build", lambda *_: ["portal_backup"])
    call_command("rls", "build")
    said = capsys.readouterr()
    assert "ALTER ROLE portal_backup LOGIN BYPASSRLS; REVOKE pg_read_all_data FROM" in said.err
    assert "GRANT portal_backup TO portal" in said.err
    assert "The wall of default stands" in said.out


def test_building_again_puts_right_what_was_taken_or_given(transactional_db):
    """An installation from before has neither the powers nor the closed door, or one too many."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("ALTER ROLE portal_backup NOBYPASSRLS")
        cursor.execute("GRANT pg_read_all_data TO portal_backup")
        cursor.execute("REVOKE SELECT ON audit_leaf, audit_leaf_id_seq FROM portal_backup")
        cursor.execute("ALTER ROLE portal_drill NOCREATEDB")
        cursor.execute("ALTER ROLE portal_app SET default_transaction_read_only = on")
        cursor.execute(f"ALTER ROLE portal_worker IN DATABASE {name} SET work_mem = '64kB'")
        cursor.execute(f"GRANT CONNECT ON DATABASE {name} TO PUBLIC, portal_drill")
        cursor.execute(f"REVOKE CONNECT ON DATABASE {name} FROM portal_backup")
    assert build(RECORDS, {}) == []
    with connection.cursor() as cursor:
        for role in PROCESSES:
            cursor.execute(SETTINGS_OF, [role])
            assert cursor.fetchall() == []
    for unread in ("audit_leaf", "audit_leaf_id_seq"):
        assert is_let("portal_backup", f"SELECT 1 FROM {unread}")  # noqa: S608
    for role, places in PROCESSES.items():
        test_none_has_more_power_than_its_work_needs(role)
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_database_privilege(%s, %s, 'CONNECT')", [role, name])
            assert cursor.fetchone() == (RECORDS in places,)
