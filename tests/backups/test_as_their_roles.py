"""Backup and drill from end to end as the roles that they have in production (H1)."""

from dataclasses import replace

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection, connections

from backups.checks import copies_go_as_their_roles
from backups.drilling import _elsewhere, drill
from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE, KINDS
from backups.making import make_backup
from backups.models import Drill
from backups.servers import BACKS_UP, DRILLS, source, target
from portal.rls.building import build
from tests.backups.elsewhere import admin

pytestmark = pytest.mark.clause("P-SECURE", part=True)
ADDRESSES = {DATA: "BACKUP_DATABASE_URL", KEYSTORE: "BACKUP_KEYSTORE_DATABASE_URL"}
LEFT = "SELECT datname FROM pg_database WHERE datname LIKE 'drill_%'"


def going_as(settings, role, database=None):
    """As the containers are told to: the drill names no database of the portal's."""
    for kind, name in ADDRESSES.items():
        server = replace(target(kind), user=role)
        setattr(settings, name, (server.named(database) if database else server).url)


@pytest.fixture
def backed_up(story, places, settings):
    going_as(settings, BACKS_UP)
    return {
        said.kind: places[said.kind] / f"{said.kind}-{said.name}" for said in make_backup(places)
    }


def test_what_it_reads_is_everything_and_can_be_proved(backed_up, elsewhere, settings):
    said = elsewhere.run("restore", backed_up[DATA], "--keystore", backed_up[KEYSTORE])
    assert "1 files" in said
    assert "The portal may start" in elsewhere.run("prove_restore")
    for table in ("requests_app_informationrequest", "audit_leaf", "signed_in_session"):
        counted = f"SELECT count(*) FROM {table}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(counted)
            assert elsewhere.ask(DATA, counted) == cursor.fetchall()


def test_a_drill_goes_from_start_to_end(backed_up, places, settings):
    going_as(settings, DRILLS, "postgres")
    call_command("drill")
    row = Drill.objects.get()
    assert row.passed
    assert (row.files, row.disposals) == (1, 0)
    assert row.rows > row.leaves > 0
    assert row.opened > 5
    assert admin(LEFT) == []


def test_without_the_wall_open_to_it_there_is_no_half_backup(story, places, settings):
    """Were the power taken away, rows behind the wall would be missed in silence."""
    going_as(settings, BACKS_UP)
    admin(f"ALTER ROLE {BACKS_UP} NOBYPASSRLS")
    try:
        with pytest.raises(BackupFault, match="row-level security"):
            make_backup(places)
    finally:
        admin(f"ALTER ROLE {BACKS_UP} BYPASSRLS")
    assert not list(places[DATA].glob("[!.]*"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_that_it_was_not_given_yet_is_not_left_out(kind, story, places, settings):
    """After a migration whose wall was not built: the backup says so, and is none."""
    going_as(settings, BACKS_UP)
    alias = {DATA: "default", KEYSTORE: "keystore"}[kind]
    with connections[alias].cursor() as cursor:
        cursor.execute("CREATE TABLE came_later (id bigserial)")
    try:
        with pytest.raises(BackupFault, match=r"permission denied for .*came_later"):
            make_backup(places)
        assert not list(places[kind].glob("[!.]*"))
        build(alias, {})
        assert {said.kind for said in make_backup(places)} == set(KINDS)
    finally:
        with connections[alias].cursor() as cursor:
            cursor.execute("DROP TABLE came_later")


def test_a_large_object_of_somebodys_stops_no_backup(story, places, settings, elsewhere):
    """Whoever could connect could make one, and who reads all tables may not read it."""
    going_as(settings, BACKS_UP)
    with target(DATA).asked() as link, link, link.cursor() as cursor:
        cursor.execute("SELECT lo_from_bytea(0, 'of nobody')")
        [number] = cursor.fetchone()
    try:
        made = {each.kind: each for each in make_backup(places)}
    finally:
        with target(DATA).asked() as link, link, link.cursor() as cursor:
            cursor.execute("SELECT lo_unlink(%s)", [number])
    sets = [places[kind] / f"{kind}-{made[kind].name}" for kind in KINDS]
    elsewhere.run("restore", sets[0], "--keystore", sets[1])
    assert elsewhere.ask(DATA, "SELECT count(*) FROM pg_largeobject_metadata") == [(0,)]


def test_its_databases_are_its_own_and_closed_to_every_other_process(
    places, transactional_db, settings
):
    going_as(settings, DRILLS, "postgres")
    with _elsewhere() as there:
        owners = admin(
            "SELECT d.datname, r.rolname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba"
            " WHERE d.datname LIKE 'drill_%'"
        )
        assert dict(owners) == dict.fromkeys(there.names.values(), DRILLS)
        for role in ("portal_app", "portal_worker", BACKS_UP):
            with (
                pytest.raises(BackupFault, match="does not answer"),
                replace(source(DATA), user=role).named(there.names[DATA]).asked(),
            ):
                pass
        left_open = source(DATA).named(there.names[DATA]).asked()
        link = left_open.__enter__()
    assert admin(LEFT) == [], "a session of its own keeps none"
    with pytest.raises(psycopg2.Error):
        link.cursor().execute("SELECT 1")
    link.close()


def test_it_drops_what_a_killed_one_of_its_own_has_left_and_nothing_of_others(
    places, transactional_db, settings
):
    going_as(settings, DRILLS, "postgres")
    own, others = "drill_data_0123456789abcdef", "drill_data_fedcba9876543210"
    admin(f"CREATE DATABASE {own} OWNER {DRILLS}", f"CREATE DATABASE {others}")
    try:
        with pytest.raises(BackupFault, match="There is no backup"):
            drill(places)
        assert admin(LEFT) == [(others,)]
    finally:
        admin(f"DROP DATABASE IF EXISTS {own}", f"DROP DATABASE {others}")


def test_an_address_of_the_owners_works_and_is_warned_of(settings):
    going_as(settings, "portal")
    found = copies_go_as_their_roles()
    assert [each.id for each in found] == ["backups.W001"] * 2
    assert "portal_backup" in found[0].hint
    for role in (BACKS_UP, DRILLS):
        going_as(settings, role)
        assert copies_go_as_their_roles() == []
    settings.BACKUP_DATABASE_URL = settings.BACKUP_KEYSTORE_DATABASE_URL = ""
    assert copies_go_as_their_roles() == []
