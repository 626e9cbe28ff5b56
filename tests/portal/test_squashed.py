"""The squashed migrations make what the steps before them made, and databases from then go on."""

import shutil
from collections import defaultdict
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from audit.intake import TRIGGERS
from tests.patience import LONG
from tests.portal.as_before import as_before
from tests.portal.schemas import (
    at_server,
    differences,
    on_postgres,
    on_sqlite,
    postgres_schema,
    python,
    sqlite_schema,
    triggers,
)

SQUASHED = {
    *("agencies", "agreement", "audit", "backups", "decisions", "requests_app", "retention"),
    "signin",
}
MIGRATE = """
import sys
import django
django.setup()
from django.core.management import call_command
from portal.tables import is_complete
for alias in sys.argv[1:]:
    call_command("migrate", interactive=False, database=alias)
    assert is_complete(alias)
"""
THERE_AND_BACK = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.conf import settings
from tests.portal.as_before import keep_file
call_command("migrate", "agreement", "zero", interactive=False)
keep_file(connection, settings.VAR / "without.sqlite3")
call_command("migrate", interactive=False)
"""
# What steps after the squash make or widen: until then an older database lacks it.
MADE_SINCE = (
    "agencies_historicalproposal",
    "agencies_proposal",
    "audit_knownfinding",
    "audit_setaside",
    "outbox_lastletter",
    "portal_keeps_place",
    "portal_leaf_is_of_its_entry",
    "portal_numbers_evidence",
    "portal_only_carried_out",
    "requests_app_deskchoice",
    "requests_app_historicalmatchverdict",
    "requests_app_historicalshiftnote",
    "requests_app_inboxplace",
    "requests_app_matchverdict",
    "requests_app_pause_place_insert",
    "requests_app_pause_place_update",
    "requests_app_shiftnote",
    "requests_app_timereminder",
    # Columns that were added to an older table.
    "consent_position",
    "gp_practice",
    "needs_answered",
    "out_of_hours_telephone",
    "owned_at",
    "owner",
    "privacy_email",
    "withdrawn_at",
    "withdrawn_because",
    "withdrawn_by",
    "withdrawn_note",
)
LOST_BEFORE = {  # on SQLite, until requests_app.0006
    ("trigger", "requests_app_enquiry_frozen_delete"),
    ("trigger", "requests_app_releaseditem_frozen_delete"),
    ("trigger", "requests_app_releaseditem_frozen_update"),
}
HALF_WAY = "requests_app.0003_match_tokens"
STOPS = ["agencies.0002_frozen_history", HALF_WAY, "decisions.0002_frozen"]
NEW, BEFORE, HALF = ("squashed_new", "squashed_before", "squashed_half")


def every_migration():
    return MigrationLoader(None).disk_migrations


def stops():
    """Where a start before the squash is interrupted: after some of the steps, or after each."""
    if not LONG:
        return STOPS
    every = every_migration()
    before = {f"{app}.{name}" for app, name in every if not every[app, name].replaces}
    return sorted(before - after_the_squash())


def after_the_squash():
    """What was written since, and no older database has."""
    every = every_migration()
    last = {app: number(each.replaces[-1][1]) for (app, _), each in every.items() if each.replaces}
    return {
        f"{app}.{name}"
        for (app, name), each in every.items()
        if app in last and not each.replaces and number(name) > last[app]
    }


def number(name):
    return MigrationAutodetector.parse_number(name)


def migrate(env, *databases):
    """What was applied, and nothing is left to apply."""
    said = python(env, "-c", MIGRATE, *databases or ("default",))
    return {line.split()[1].rstrip(".") for line in said.splitlines() if "Applying" in line}


@pytest.fixture(scope="module")
def new_sqlite(tmp_path_factory):
    var = tmp_path_factory.mktemp("new")
    migrate(on_sqlite(var), "default", "keystore")
    return var


@pytest.fixture(scope="module")
def new_postgres():
    env = on_postgres(NEW)
    migrate(env)
    yield env
    at_server(f"DROP DATABASE {NEW} WITH (FORCE)")


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """Databases as they were made, whole and in part, before there was a squash."""
    var = tmp_path_factory.mktemp("before")
    copies = var / "copies"
    copies.mkdir()
    postgres, half = on_postgres(BEFORE), on_postgres(HALF)
    at_server(f"DROP DATABASE {HALF}")
    words = ("--copies", str(copies), "--half", HALF, "--half-at", HALF_WAY)
    env = on_sqlite(var) | {"SERVER_URL": postgres["DATABASE_URL"]}
    python(env, "-m", "tests.portal.as_before", *words)
    yield SimpleNamespace(var=var, sqlite=on_sqlite(var), postgres=postgres, half=half)
    at_server(*[f"DROP DATABASE {name} WITH (FORCE)" for name in (BEFORE, HALF)])


def test_each_step_is_kept_and_replaced():
    every = every_migration()
    names, replaced = defaultdict(set), {}
    for (app, name), each in every.items():
        if each.replaces:
            assert app not in replaced, f"{app} has two"
            replaced[app] = [of for _, of in each.replaces]
            assert {of for of, _ in each.replaces} == {app}
        else:
            names[app].add(name)
    assert set(replaced) == SQUASHED
    for app, those in replaced.items():
        assert [number(name) for name in those] == list(range(1, len(those) + 1))
        assert set(those) == {name for name in names[app] if number(name) <= len(those)}


def test_wherever_an_older_start_ended_the_rest_is_found(db, monkeypatch):
    """Of each moment: nothing is made twice or left out, and Django finds it consistent."""
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda _: dict(applied))
    applied = {}
    orders = [
        [(each.app_label, each.name) for each in as_before(connection)[1]],
        [
            step
            for each in MigrationExecutor(connection).migration_plan(leaves())
            for step in of(each)
        ],
    ]
    whole = set(orders[1])
    assert whole - set(orders[0]) == {tuple(each.split(".")) for each in after_the_squash()}
    for order in orders:
        assert len(order) > 60
        for done in range(len(order) + 1):
            applied = dict.fromkeys(order[:done])
            executor = MigrationExecutor(connection)
            executor.loader.check_consistent_history(connection)
            assert not executor.loader.detect_conflicts()
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            rest = [step for each in plan for step in of(each)]
            assert len(rest) == len(set(rest))
            assert set(rest) == whole - set(applied), order[done - 1]


def leaves():
    return MigrationLoader(connection).graph.leaf_nodes()


def of(step):
    """The steps that a step of a plan stands for."""
    migration, backwards = step
    assert not backwards
    return migration.replaces or [(migration.app_label, migration.name)]


def not_made_since(differ):
    """The differences that no step after the squash makes up for."""
    said = {name: f"{name} {before} {after}" for name, (before, after) in differ.items()}
    return [name for name, text in said.items() if not any(each in text for each in MADE_SINCE)]


def test_on_sqlite_they_make_the_same(before, new_sqlite):
    was, new = (sqlite_schema(var / "portal.sqlite3") for var in (before.var, new_sqlite))
    assert len(new) > 400
    assert set(not_made_since(differences(was, new))) == LOST_BEFORE
    assert migrate(before.sqlite) == after_the_squash()
    assert not differences(sqlite_schema(before.var / "portal.sqlite3"), new)


def test_on_postgresql_they_make_the_same(before, new_postgres, new_sqlite):
    schema = postgres_schema(new_postgres["DATABASE_URL"])
    assert len(schema) > 800
    differ = differences(postgres_schema(before.postgres["DATABASE_URL"]), schema)
    assert differ
    assert not not_made_since(differ)
    assert migrate(before.postgres) == after_the_squash()
    assert not differences(postgres_schema(before.postgres["DATABASE_URL"]), schema)
    # Each has the triggers of the other: none was lost with a table that SQLite made anew.
    assert len(triggers(schema)) > 190
    # SQLite has no roles.
    only_here = {trigger for trigger, _function in TRIGGERS.values()}
    only_here |= {"retention_disposal_carried_out", "retention_disposallist_carried_out"}
    assert only_here < triggers(schema)
    assert triggers(schema) - only_here == triggers(sqlite_schema(new_sqlite / "portal.sqlite3"))


@pytest.mark.parametrize("stop", stops())
def test_on_sqlite_an_older_start_that_was_interrupted_goes_on(stop, before, new_sqlite, tmp_path):
    shutil.copy(before.var / "copies" / f"{stop}.sqlite3", tmp_path / "portal.sqlite3")
    migrate(on_sqlite(tmp_path))
    new = sqlite_schema(new_sqlite / "portal.sqlite3")
    assert not differences(sqlite_schema(tmp_path / "portal.sqlite3"), new)


def test_on_postgresql_an_older_start_that_was_interrupted_goes_on(before, new_postgres):
    address = before.half["DATABASE_URL"]
    was = postgres_schema(address)
    assert any("requests_app_matchtoken" in name for name in was)
    assert not any("requests_app_opening" in name for name in was)
    applied = migrate(before.half)
    assert {"requests_app.0004_openings", "requests_app.0005_released_at"} <= applied
    assert not differences(postgres_schema(address), postgres_schema(new_postgres["DATABASE_URL"]))


def test_a_keystore_from_before_is_as_it_should_be(before, new_sqlite):
    """It has a row for each migration of each app."""
    was, new = (sqlite_schema(var / "keystore.sqlite3") for var in (before.var, new_sqlite))
    assert not differences(was, new)
    assert {name for kind, name in new if kind == "table"} == {
        *("django_migrations", "encryption_casekey", "sqlite_sequence")
    }
    assert triggers(new) == {"encryption_casekey_new", "encryption_casekey_gone"}
    assert migrate(before.sqlite, "keystore") == set()
    assert not differences(sqlite_schema(before.var / "keystore.sqlite3"), was)


def test_they_are_taken_back_as_well(new_sqlite, tmp_path):
    shutil.copy(new_sqlite / "portal.sqlite3", tmp_path / "portal.sqlite3")
    new = sqlite_schema(new_sqlite / "portal.sqlite3")
    python(on_sqlite(tmp_path), "-c", THERE_AND_BACK)
    without = sqlite_schema(tmp_path / "without.sqlite3")
    gone = {name for _, name in new.keys() - without.keys()}
    assert {"agreement_signature", "decisions_answer", "decisions_answer_settled_insert"} <= gone
    assert not any(name.startswith(("agreement_", "decisions_")) for _, name in without)
    assert not differences(sqlite_schema(tmp_path / "portal.sqlite3"), new)
