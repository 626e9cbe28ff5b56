"""Sets that lie in buckets: made, listed, restored, drilled and removed as those in folders are."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from backups import in_bucket
from backups.errors import BackupFault
from backups.in_bucket import BucketPlace
from backups.keys import DATA, KEYSTORE, KINDS
from backups.making import make_backup
from backups.manifest import Manifest, hold_parts, read
from backups.models import Backup, Drill
from backups.places import places as in_settings
from backups.pruning import STAMP, newest_pair, prune
from backups.restoring import prove_sets
from backups.servers import one_at_a_time, source
from tests.backups.kept import CONTENT
from tests.backups.test_restore import read as read_story
from tests.objects.conftest import storage
from tests.objects.storage import a_way_to, in_environment
from tests.patience import PATIENCE

__all__ = ["storage"]
NAMES = {DATA: "BACKUP_DATA", KEYSTORE: "BACKUP_KEYSTORE"}


@pytest.fixture
def buckets(places, storage, settings, monkeypatch):
    """Two buckets in the place of the two folders, for this process and those that it starts."""
    found = {kind: storage.a_bucket(prefix="sets/") for kind in KINDS}
    for kind, name in NAMES.items():
        setattr(settings, f"{name}_BUCKET", found[kind])
        setattr(settings, f"{name}_DIR", None)
        monkeypatch.setenv(f"{name}_DIR", "")
        for variable, value in in_environment(found[kind], name).items():
            monkeypatch.setenv(variable, value)
    return found


@pytest.fixture
def where(buckets):
    """The same as places."""
    return in_settings()


def objects(storage, bucket):
    return sorted(key.partition("-")[2].partition("/")[2] for key in storage.there(bucket))


def test_a_story_goes_round_by_the_commands(story, buckets, elsewhere, storage, capsys):
    call_command("backup")
    said = capsys.readouterr().out
    sets = dict(re.findall(r"^(data|keystore): .+ bytes in (s3://\S+)$", said, re.MULTILINE))
    assert sets.keys() == set(KINDS)
    assert objects(storage, buckets[DATA]) == ["database.sealed", "files.sealed", "manifest.json"]
    assert objects(storage, buckets[KEYSTORE]) == ["database.sealed", "manifest.json"]
    held = storage.there(buckets[DATA])
    assert not [key for key, content in held.items() if b"bruise" in content]
    call_command("backup", "list")
    assert f"data, in {buckets[DATA]}: 1" in capsys.readouterr().out
    assert Backup.objects.count() == 2
    for kind in KINDS:
        elsewhere.env |= in_environment(buckets[kind], NAMES[kind])
    said = elsewhere.run("restore", sets[DATA], "--keystore", sets[KEYSTORE])
    assert "1 files" in said
    assert "All is as it was recorded" in elsewhere.run("prove_restore")
    assert read_story(elsewhere, story) == f"A bruise nobody explains | {len(CONTENT)}"


def test_it_is_drilled(story, buckets):
    call_command("backup")
    call_command("drill")
    row = Drill.objects.get()
    assert row.passed
    assert row.files == 1


def test_one_bent_byte_fails_the_drill(story, buckets, storage):
    call_command("backup")
    [key] = [each for each in storage.there(buckets[DATA]) if each.endswith("/database.sealed")]
    raw = bytearray(storage.there(buckets[DATA])[key])
    raw[len(raw) // 2] ^= 1
    storage.keeper.put_object(Bucket=buckets[DATA].name, Key=key, Body=bytes(raw))
    with pytest.raises(CommandError, match="The drill failed at restoring it"):
        call_command("drill")


@pytest.mark.parametrize("part", ["database.sealed", "files.sealed"])
def test_sets_whose_parts_were_exchanged_prove_nothing(story, where, buckets, storage, part):
    one, other = (make_backup(where)[0].name for _each in range(2))
    keeper, held = storage.keeper, storage.there(buckets[DATA])
    keys = [f"sets/data-{name}/{part}" for name in (one, other)]
    for key, content in zip(keys, reversed([held[key] for key in keys]), strict=True):
        keeper.put_object(Bucket=buckets[DATA].name, Key=key, Body=content)
    for name in (one, other):
        with pytest.raises(BackupFault, match="damaged, cut or changed"):
            prove_sets(where[DATA] / f"data-{name}", where[KEYSTORE] / f"keystore-{name}")


def test_one_that_is_exchanged_while_it_is_read_is_a_fault(
    story, where, buckets, storage, monkeypatch
):
    monkeypatch.setattr(in_bucket, "READ_AT_ONCE", 100_000)
    name = make_backup(where)[0].name
    file = where[DATA] / f"data-{name}" / "files.sealed"
    with file.open("rb") as reading:
        reading.read(10)
        storage.keeper.put_object(**file.at, Body=b"another" * 100_000)
        with pytest.raises(OSError, match="ChangedMeanwhile"):
            reading.read()


def test_parts_that_are_larger_than_one_are_the_same_again(where, monkeypatch):
    monkeypatch.setattr(in_bucket, "PART", 5 * 1024 * 1024)
    monkeypatch.setattr(in_bucket, "READ_AT_ONCE", 1_000_001)
    content = os.urandom(12_345_678)
    file = where[DATA] / "data-some" / "database.sealed"
    with file.create() as new:
        for at in range(0, len(content), 700_000):
            new.write(content[at : at + 700_000])
    assert len(new.parts) == 3
    with file.open("rb") as reading:
        assert reading.read() == content
    empty = where[DATA] / "data-some" / "empty"
    with empty.create():
        pass
    assert empty.open("rb").read() == b""


def a_set(place, kind, **ago):
    at = datetime.now(UTC) - timedelta(**ago)
    name = f"{at:{STAMP}}-abcdef"
    found = place / f"{kind}-{name}"
    Manifest(kind, name, at.isoformat(), "1", "17", {}, {}, 0, "", 0, {}).write(found)
    return found


@pytest.mark.clause("ISA-8.1", part=True)
@pytest.mark.parametrize("versioned", [False, True])
def test_what_is_past_its_time_goes_with_all_its_versions(where, buckets, storage, versioned):
    if versioned:
        for each in buckets.values():
            storage.keeper.put_bucket_versioning(
                Bucket=each.name, VersioningConfiguration={"Status": "Enabled"}
            )
    old = [a_set(where[KEYSTORE], KEYSTORE, days=days) for days in (8, 9, 40)]
    kept = a_set(where[KEYSTORE], KEYSTORE, days=1)
    with (old[0] / "database.sealed").create() as new:
        new.write(b"keys of what was destroyed")
    assert sorted(prune(where[KEYSTORE], KEYSTORE), key=str) == sorted(old, key=str)
    versions = storage.keeper.list_object_versions(Bucket=buckets[KEYSTORE].name)
    left = versions.get("Versions", []) + versions.get("DeleteMarkers", [])
    assert [each["Key"] for each in left] == [f"sets/{kept.name}/manifest.json"]


def test_what_is_locked_is_said_to_be_there_still(where, buckets, storage):
    """A bucket whose keeper holds everything longer than the keys may live."""
    name = f"{buckets[KEYSTORE].name}-locked"
    keeper = storage.keeper
    keeper.create_bucket(
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-2"},
        ObjectLockEnabledForBucket=True,
    )
    held = {"Mode": "COMPLIANCE", "Days": 60}
    keeper.put_object_lock_configuration(
        Bucket=name,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": held}
        },
    )  # fmt: skip
    place = BucketPlace(replace(buckets[KEYSTORE], name=name))
    old = a_set(place, KEYSTORE, days=9)
    a_set(place, KEYSTORE, days=1)
    with pytest.raises(BackupFault, match="past its time and could not be removed") as said:
        prune(place, KEYSTORE)
    assert str(old) in str(said.value)
    assert read(old, KEYSTORE)


def test_while_one_is_made_it_is_no_set_and_what_is_left_of_it_goes(where, buckets, storage):
    """As of a backup that was killed: parts, and an upload that never ended."""
    left = where[DATA] / "data-20200101T000000.000000Z-abcdef"
    with (left / "database.sealed").create() as new:
        new.write(b"sealed")
    in_bucket.Upload(left / "files.sealed").write(b"more")
    assert where[DATA].glob("data-*") == []
    with pytest.raises(BackupFault, match="There is no backup of the data"):
        newest_pair(where)
    assert where[DATA].clear("data-") == []
    assert storage.there(buckets[DATA]) == {}
    uploads = storage.keeper.list_multipart_uploads(Bucket=buckets[DATA].name)
    assert "Uploads" not in uploads


def test_one_that_is_killed_leaves_no_set_and_the_next_is_whole(story, where, buckets, storage):
    with a_way_to(storage) as way:
        env = os.environ | {"PYTEST": "false"}
        for name in ("BACKUP_KEYS_DIR", "RESTORE_KEYS_DIR", "FILES_DIR"):
            env[name] = str(environment_of(name))
        env |= database_urls() | {"BACKUP_DATA_S3_ENDPOINT": way.endpoint}
        way.held_after = 300_000
        with subprocess.Popen(
            [sys.executable, "manage.py", "backup"],
            cwd=Path(__file__).parents[2],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as killed:
            assert way.stuck.wait(PATIENCE), killed.stderr.read()
            killed.send_signal(signal.SIGKILL)
    assert where[DATA].glob("data-*") == []
    [said, _keystore] = make_backup(where)
    found = where[DATA] / f"data-{said.name}"
    assert where[DATA].glob("data-*") == [found]
    hold_parts(found, read(found, DATA))
    assert {key.split("/")[1] for key in storage.there(buckets[DATA])} == {found.name}


def environment_of(name):
    from django.conf import settings

    return getattr(settings, name)


def database_urls():
    return {
        "DATABASE_URL": source(DATA).url,
        "KEYSTORE_DATABASE_URL": source(KEYSTORE).url,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
    }


def test_a_storage_that_goes_meanwhile_is_said_and_leaves_no_set(story, where, storage, settings):
    with a_way_to(storage) as way:
        bucket = replace(settings.BACKUP_DATA_BUCKET, endpoint=way.endpoint)
        through = where | {DATA: BucketPlace(bucket)}
        way.cut_after = 300_000
        with pytest.raises(BackupFault, match="The backup of the data could not be written to s3:"):
            make_backup(through)
    assert where[DATA].glob("data-*") == []
    assert where[KEYSTORE].glob("keystore-*") == []


def test_two_at_once_are_one(story, where):
    server = source(DATA)
    with server.asked() as link, link.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [5_802_106, str(where[DATA])])
        with pytest.raises(BackupFault, match="Another backup is being made"):
            make_backup(where)
    make_backup(where)


def test_two_places_are_two_buckets(buckets, settings):
    settings.BACKUP_KEYSTORE_BUCKET = replace(buckets[DATA], prefix="keystore/")
    with pytest.raises(BackupFault, match="must go to two places"):
        in_settings()


def test_without_a_key_it_looks_for_no_other(buckets, settings):
    settings.BACKUP_DATA_BUCKET = replace(buckets[DATA], key_id="")
    with pytest.raises(BackupFault, match="BACKUP_DATA_S3_ACCESS_KEY_ID"):
        in_settings()


@pytest.mark.clause("ISA-4.3-EEA", part=True)
def test_none_is_made_in_another_region(story, where, settings, storage):
    other = storage.a_bucket(region="ap-southeast-2")
    with pytest.raises(BackupFault, match="is in the region ap-southeast-2"):
        make_backup(where | {KEYSTORE: BucketPlace(other)})
    assert storage.there(other) == {}


def test_a_set_of_a_bucket_that_nobody_named_is_not_read(places):
    with pytest.raises(CommandError, match="set BACKUP_DATA_BUCKET"):
        call_command("restore", "s3://some/data-x", keystore="s3://some/keystore-x")


@pytest.mark.django_db(transaction=True)
def test_the_lock_of_a_place_is_let_go_when_a_backup_ends():
    """And not once the server notices that its connection is closed, which takes a moment."""
    with source(DATA).asked() as link, link.cursor() as held:
        with one_at_a_time(held, 5_802_107, "s3://a/place") as is_ours:
            assert is_ours
            with source(DATA).asked() as other, other.cursor() as asking:
                with one_at_a_time(asking, 5_802_107, "s3://a/place") as is_theirs:
                    assert not is_theirs
                with one_at_a_time(asking, 5_802_107, "s3://another/place") as is_theirs:
                    assert is_theirs
        with (
            source(DATA).asked() as other,
            other.cursor() as asking,
            one_at_a_time(asking, 5_802_107, "s3://a/place") as is_theirs,
        ):
            assert is_theirs, "the first connection is still open"
