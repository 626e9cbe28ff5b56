"""Tables are made once, said as they are made, and seen to be there at once after that."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_migrate, pre_migrate  # noqa: TID251 - that none is sent

from encryption.models import CaseKey
from portal import tables
from portal.tables import is_complete, make_tables
from tests.portal.schemas import at_server, on_postgres, on_sqlite, python, sqlite_schema

BOTH = ("default", "keystore")
SAYING = """
import django
django.setup()
from portal.tables import is_complete, make_tables
for alias in ("default", "keystore"):
    assert not is_complete(alias)
    make_tables(alias, say=lambda step, steps: print(alias, step, steps))
    assert is_complete(alias)
    make_tables(alias, say=lambda step, steps: print("again"))
"""


@pytest.fixture
def complete(db):
    """Both databases, whatever an emptying of tables may have left of Django's own rows."""
    for alias in BOTH:
        make_tables(alias)


@pytest.fixture
def told():
    """What ``say`` was told."""
    return []


@pytest.fixture
def signals():
    """The databases of which a signal said that they were, or would be, migrated."""
    seen = []

    def see(using, **_):
        seen.append(using)

    for signal in (pre_migrate, post_migrate):
        signal.connect(see)
    yield seen
    for signal in (pre_migrate, post_migrate):
        signal.disconnect(see)


def test_where_all_is_there_nothing_is_done(complete, told, signals, django_assert_max_num_queries):
    for alias in BOTH:
        with django_assert_max_num_queries(4):
            make_tables(alias, lambda *said: told.append(said))
    assert told == signals == []


def test_no_migration_is_read_where_all_is_there(complete, monkeypatch):
    monkeypatch.setattr(MigrationLoader, "build_graph", lambda _: pytest.fail("it was read"))
    for alias in BOTH:
        make_tables(alias)


@pytest.mark.parametrize("alias", BOTH)
def test_a_migration_without_its_row_is_missed(alias, complete):
    from django.db import connections

    recorder = MigrationRecorder(connections[alias])
    recorder.record_unapplied("encryption", "0002_replaced_keys")
    assert not is_complete(alias)
    recorder.record_applied("encryption", "0002_replaced_keys")
    assert is_complete(alias)


def test_a_squash_that_has_no_row_yet_gets_one(complete, told, signals):
    """As in a database that was made before there was a squash."""
    from django.db import connection

    name = "0001_squashed_0002_frozen"
    MigrationRecorder(connection).record_unapplied("retention", name)
    make_tables("default", lambda *said: told.append(said))
    assert told == [(0, 1), (1, 1)]
    assert set(signals) == {"default"}
    assert is_complete("default")


def test_a_start_that_ended_before_the_last_permission_is_mended(complete):
    last = Permission.objects.order_by("-pk").first()
    Permission.objects.filter(pk=last.pk).delete()
    assert not is_complete("default")
    make_tables("default")
    assert is_complete("default")
    assert Permission.objects.filter(
        codename=last.codename, content_type=last.content_type
    ).exists()


def test_the_last_permission_comes_after_all_else(complete):
    """What is made after the migrations is made in the order of the apps, and nothing later."""
    last = Permission.objects.order_by("-pk").first()
    assert last.content_type.app_label == "retention"
    assert Site.objects.exists()


def test_an_app_that_is_not_migrated_counts_for_nothing(complete, monkeypatch):
    monkeypatch.setattr(MigrationLoader, "migrations_module", lambda *_: (None, True))
    assert is_complete("default")


def test_migrate_walks_only_one_app_on_the_keystore(complete, capsys):
    call_command("migrate", "--plan", database="keystore")
    assert "No planned migration operations" in capsys.readouterr().out
    call_command("migrate", interactive=False, database="keystore")
    said = capsys.readouterr().out
    assert "Apply all migrations: encryption\n" in said
    call_command("migrate", interactive=False)
    assert "agencies, agreement, audit, auth" in capsys.readouterr().out


def test_migrate_still_takes_an_app_by_name(complete, capsys):
    call_command("migrate", "agencies", interactive=False, database="keystore")
    assert "Apply all migrations: agencies\n" in capsys.readouterr().out


def test_a_first_start_is_told_of_each_step(tmp_path):
    said = [line.split() for line in python(on_sqlite(tmp_path), "-c", SAYING).splitlines()]
    assert {alias for alias, *_ in said} == set(BOTH)
    for alias in BOTH:
        steps = [(int(step), int(of)) for name, step, of in said if name == alias]
        last = steps[-1][0]
        assert steps == [(step, last) for step in range(last + 1)]
    assert last == len(list(tables._files("keystore"))) + 1
    made = sqlite_schema(tmp_path / "keystore.sqlite3")
    assert ("table", CaseKey._meta.db_table) in made
    assert ("table", ContentType._meta.db_table) not in made


@pytest.fixture
def empty_databases():
    """An environment with two of them on the tests' server."""
    names = ("tables_new", "tables_keystore")
    env = on_postgres(names[0])
    env |= {"KEYSTORE_DATABASE_URL": on_postgres(names[1])["DATABASE_URL"]}
    yield env
    at_server(*[f"DROP DATABASE {name} WITH (FORCE)" for name in names])


def test_a_first_start_on_postgresql_leaves_nothing_to_do(empty_databases):
    python(empty_databases, "-c", SAYING)
    for alias in BOTH:
        words = ("migrate", "--skip-checks", "--database", alias)
        assert "No migrations to apply" in python(empty_databases, "manage.py", *words)
