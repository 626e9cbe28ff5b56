"""The newest backup is used elsewhere each night; what is bent is found, and nothing is left."""

import tempfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from backups.drilling import ONE_AT_A_TIME, _elsewhere, drill
from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE, KINDS
from backups.models import Backup, Drill
from backups.pruning import newest_pair
from backups.servers import source
from encryption.casekeys import destroy_case_key
from encryption.disposals import enter
from tests.backups.elsewhere import admin
from tests.backups.test_keeping import a_set

pytestmark = pytest.mark.usefixtures("no_database_is_left")
DATABASES = "SELECT datname FROM pg_database WHERE datname LIKE 'drill_%'"


@pytest.fixture
def no_database_is_left():
    yield
    assert admin(DATABASES) == []


@pytest.fixture
def backed_up(story, places):
    call_command("backup")
    return story


def test_a_good_backup_passes_and_is_written_down(backed_up, places, capsys):
    call_command("drill")
    said = capsys.readouterr().out
    row = Drill.objects.get()
    assert row.passed
    assert (row.files, row.disposals) == (1, 0)
    assert row.made_at == Backup.objects.get(kind="data").at
    assert row.rows > row.leaves > 0
    assert row.opened > 5
    assert f"{row.opened:,} sealed things opened" in said


def test_what_was_disposed_of_since_is_replayed_in_it(backed_up, places, settings):
    enter(backed_up.case.pk, uuid4())
    destroy_case_key(backed_up.case.pk)
    row = drill(places)
    assert (row.disposals, row.passed) == (1, True)
    assert row.opened == 0


@pytest.mark.parametrize("kind", [DATA, KEYSTORE])
def test_one_bent_byte_of_the_newest_fails_it_loudly(backed_up, places, kind):
    call_command("backup")
    (newest,) = sorted(places[kind].glob(f"{kind}-*"))[1:]
    path = newest / "database.sealed"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    with pytest.raises(CommandError, match="The drill failed at restoring it") as said:
        call_command("drill")
    assert "damaged, cut or changed" in str(said.value)
    row = Drill.objects.get()
    assert (row.passed, row.failed_at) == (False, Drill.Step.RESTORE)


def test_a_ledger_that_does_not_hold_fails_it(backed_up, places):
    """Somebody bent a row by SQL before the backup: it restores, and is not proved."""
    with source(DATA).asked() as link, link, link.cursor() as cursor:
        cursor.execute("UPDATE requests_app_informationrequest SET rating = 'red'")
    call_command("backup")
    with pytest.raises(CommandError, match="The drill failed at replaying"):
        call_command("drill")
    assert Drill.objects.get().failed_at == Drill.Step.PROVE


def test_a_lost_file_fails_it_too(story, places, settings):
    for path in settings.FILES_DIR.glob("??/*"):
        path.unlink()
    call_command("backup")
    with pytest.raises(CommandError, match="The drill failed at opening what is sealed"):
        call_command("drill")


def test_without_a_backup_it_fails_and_says_so(places, transactional_db):
    with pytest.raises(CommandError, match="There is no backup of the data"):
        call_command("drill")
    assert Drill.objects.get().failed_at == Drill.Step.FIND


def test_what_a_killed_drill_has_left_goes_with_the_next(backed_up, places):
    admin(
        "CREATE DATABASE drill_data_0123456789abcdef",
        "CREATE DATABASE drill_keystore_0123456789abcdef",
    )
    drill(places)


def test_two_at_once_are_one(backed_up, places):
    with source(DATA).named("postgres").asked() as link, link.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        with pytest.raises(CommandError, match="Another drill is running"):
            call_command("drill")
    assert not Drill.objects.exists()
    drill(places)


def test_what_was_written_down_stays(transactional_db):
    row = Drill.objects.create(failed_at=Drill.Step.RESTORE)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Drill.objects.update(failed_at="")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        row.delete()


def test_the_files_of_a_killed_drill_go_with_its_databases(places, transactional_db):
    name = "drill_data_0123456789abcdef"
    admin(f"CREATE DATABASE {name}")
    left, somebodys = (Path(tempfile.gettempdir()) / each for each in (name, f"{name}0"))
    for folder in (left, somebodys):
        (folder / "files").mkdir(parents=True)
    with pytest.raises(BackupFault):
        drill(places)
    assert not left.exists()
    assert somebodys.exists()
    (somebodys / "files").rmdir()
    somebodys.rmdir()


def test_its_files_are_found_by_the_name_of_its_database(places, transactional_db):
    with _elsewhere() as there:
        assert there.folder == Path(tempfile.gettempdir()) / there.names[DATA]
        assert there.folder.stat().st_mode & 0o077 == 0
    assert not there.folder.exists()


def test_a_drill_beside_a_backup_takes_the_last_that_has_both_kinds(places):
    """Between its two sets a backup has only one; nothing is wrong with what was there before."""
    data, keystore = (a_set(places[kind], kind, hours=24) for kind in KINDS)
    a_set(places[DATA], DATA, hours=1)
    assert newest_pair(places) == {DATA: data, KEYSTORE: keystore}
    later = a_set(places[KEYSTORE], KEYSTORE, minutes=30)
    assert newest_pair(places)[KEYSTORE] == later
    assert newest_pair(places)[DATA] != data


def test_without_a_pair_it_says_so(places):
    a_set(places[KEYSTORE], KEYSTORE, hours=24)
    a_set(places[DATA], DATA, hours=1)
    with pytest.raises(BackupFault, match="no backup of the keystore as new"):
        newest_pair(places)


def test_whoever_drills_by_hand_sees_that_it_goes_on(places, transactional_db, monkeypatch):
    monkeypatch.setattr("backups.drilling.LOOK", 0.01)  # no command ends sooner
    read = []
    with (
        _elsewhere(read.append) as there,
        pytest.raises(BackupFault, match="not a backup"),
    ):
        there.run("restore", str(places[DATA]), "--keystore", str(places[KEYSTORE]))
    assert len(read) > 1


def test_its_commands_are_told_where_records_are_once(places, transactional_db, monkeypatch):
    """A process that has its addresses from files must not hand these on beside others."""
    for name in ("DATABASE_URL_FILE", "KEYSTORE_DATABASE_URL_FILE", "SECRET_KEY_FILE"):
        monkeypatch.setenv(name, "/run/secrets/x")
    with _elsewhere() as there:
        said = there.environment()
    assert not {"DATABASE_URL_FILE", "KEYSTORE_DATABASE_URL_FILE"} & said.keys()
    assert said["SECRET_KEY_FILE"] == "/run/secrets/x"
    assert there.names[DATA] in said["DATABASE_URL"]
