"""Files that lie in a bucket are backed up, restored into another one, and drilled."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE
from backups.making import make_backup
from backups.models import Drill
from encryption.files import name_of
from encryption.stores.bucket import InBucket
from tests.backups.kept import CONTENT
from tests.backups.test_restore import read
from tests.objects.conftest import storage, way
from tests.objects.storage import in_environment

__all__ = ["storage", "way"]


@pytest.fixture
def bucket(story, storage, settings):
    """The story's file, moved into a bucket as docs/installation.md says: under the same names."""
    bucket = storage.a_bucket()
    for path in settings.FILES_DIR.glob("??/*"):
        storage.bend(bucket, f"{path.parent.name}/{path.name}", path.read_bytes())
    shutil.rmtree(settings.FILES_DIR)
    settings.FILES_DIR, settings.FILES_BUCKET = None, bucket
    return bucket


def sets_of(places, made):
    return {said.kind: places[said.kind] / f"{said.kind}-{said.name}" for said in made}


def test_the_story_goes_round_through_two_buckets(bucket, story, places, elsewhere, storage):
    made = make_backup(places)
    assert made[0].sealed_files == 1
    sets = sets_of(places, made)
    other = storage.a_bucket(prefix="portal/restored/")
    elsewhere.env |= in_environment(other) | {"FILES_DIR": ""}
    said = elsewhere.run("restore", sets[DATA], "--keystore", sets[KEYSTORE])
    assert "1 files" in said
    key = f"portal/restored/{name_of(story.file.pk)}"
    assert list(storage.there(other)) == [key]
    assert storage.there(other)[key] == storage.there(bucket)[f"files/{name_of(story.file.pk)}"]
    assert "All is as it was recorded" in elsewhere.run("prove_restore")
    assert read(elsewhere, story) == f"A bruise nobody explains | {len(CONTENT)}"


def test_a_backup_of_a_folder_goes_into_a_bucket(made, elsewhere, story, storage):
    other = storage.a_bucket()
    elsewhere.env |= in_environment(other) | {"FILES_DIR": ""}
    elsewhere.run("restore", made[DATA], "--keystore", made[KEYSTORE])
    elsewhere.run("prove_restore")
    assert read(elsewhere, story) == f"A bruise nobody explains | {len(CONTENT)}"


def test_it_goes_into_no_bucket_that_holds_something(made, elsewhere, storage):
    other = storage.a_bucket()
    storage.bend(other, "ab/some", b"ours")
    elsewhere.env |= in_environment(other) | {"FILES_DIR": ""}
    said = elsewhere.run("restore", made[DATA], "--keystore", made[KEYSTORE], ok=False)
    assert f"There are files in {other}; nothing was changed" in said
    assert elsewhere.ask(DATA, "SELECT to_regclass('restored_not_yet_proved')") == [(None,)]


def test_nor_into_one_that_would_keep_what_is_disposed_of(made, elsewhere, storage):
    other = storage.a_bucket()
    storage.keeper.put_bucket_versioning(
        Bucket=other.name, VersioningConfiguration={"Status": "Enabled"}
    )
    elsewhere.env |= in_environment(other) | {"FILES_DIR": ""}
    said = elsewhere.run("restore", made[DATA], "--keystore", made[KEYSTORE], ok=False)
    assert "keeps versions" in said
    assert elsewhere.ask(DATA, "SELECT to_regclass('restored_not_yet_proved')") == [(None,)]


def test_a_drill_restores_into_a_folder_of_its_own(bucket, places, storage, monkeypatch):
    """It knows the bucket of the portal, and does not touch it."""
    for name, value in in_environment(bucket).items():
        monkeypatch.setenv(name, value)
    before = storage.there(bucket)
    call_command("backup")
    call_command("drill")
    row = Drill.objects.get()
    assert (row.passed, row.files) == (True, 1)
    assert storage.there(bucket) == before


def test_one_that_is_lost_from_the_bucket_fails_the_drill(bucket, story, places):
    InBucket(bucket, 2).remove(name_of(story.file.pk))
    call_command("backup")
    with pytest.raises(CommandError, match="The drill failed at opening what is sealed"):
        call_command("drill")


def test_what_only_copies_is_given_a_bucket_of_its_own(bucket, places, settings):
    settings.BACKUP_FILES_BUCKET, settings.FILES_BUCKET = bucket, None
    assert make_backup(places)[0].sealed_files == 1


def test_a_storage_that_goes_meanwhile_leaves_no_set(bucket, places, way):
    way.answers_cut_after = 100_000
    with pytest.raises(BackupFault, match="cannot be used"):
        make_backup(places)
    assert [each.name for each in places[DATA].iterdir()] == [".lock"]
