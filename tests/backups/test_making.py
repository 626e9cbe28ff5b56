"""A set is whole and sealed, or it is not there; what is bent, cut or exchanged is refused."""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from backups import making
from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE, KINDS, create_keys
from backups.making import make_backup
from backups.manifest import Manifest
from backups.places import DRAFT
from backups.pruning import STAMP, prune, sets
from backups.restoring import prove_sets
from tests.backups.elsewhere import ROOT
from tests.damage import with_another_byte
from tests.house.test_start_without_keys import urls

PARTS = [(DATA, "database.sealed"), (DATA, "files.sealed"), (KEYSTORE, "database.sealed")]


def proved(made):
    return prove_sets(made[DATA], made[KEYSTORE])


@pytest.mark.clause("P-SECURE", part=True)
def test_nothing_plain_reaches_the_disk(made, places):
    assert proved(made).said[DATA].sealed_files == 1
    written = b"".join(
        path.read_bytes()
        for place in places.values()
        for path in place.rglob("*")
        if path.is_file()
    )
    for plain in (b"PGDMP", b"COPY public", b"CREATE TABLE", b"%PDF"):
        assert plain not in written
    assert all(path.stat().st_mode & 0o077 == 0 for path in made.values())


def test_what_makes_backups_cannot_read_them(made, settings):
    """Without the private keys, on the machine that makes them, nothing opens."""
    settings.RESTORE_KEYS_DIR = settings.BACKUP_KEYS_DIR
    with pytest.raises(BackupFault, match=r"data\.private cannot be read"):
        proved(made)


@pytest.mark.parametrize("where", [0, 20, 70, 5000, -1])
@pytest.mark.parametrize(("kind", "part"), PARTS)
def test_a_flipped_byte_is_found(made, kind, part, where):
    path = made[kind] / part
    raw = bytearray(path.read_bytes())
    raw[min(where, len(raw) - 1)] ^= 1
    path.write_bytes(raw)
    with pytest.raises(BackupFault, match="damaged, cut or changed"):
        proved(made)


@pytest.mark.parametrize(("kind", "part"), PARTS)
def test_one_that_is_cut_or_gone_is_found(made, kind, part):
    path = made[kind] / part
    whole = path.read_bytes()
    for less in (whole[:-1], whole[: len(whole) // 2], b""):
        path.write_bytes(less)
        with pytest.raises(BackupFault, match="damaged, cut or changed"):
            proved(made)
    path.unlink()
    with pytest.raises(BackupFault, match="cannot be read"):
        proved(made)


@pytest.mark.parametrize(("kind", "part"), PARTS)
def test_the_seal_finds_it_too_where_a_maker_vouches_for_it(story, made, kind, part, settings):
    """Somebody with the maker's key signs over a part that was cut, or taken from another set."""
    path, manifest = made[kind] / part, made[kind] / "manifest.json"
    whole, text = path.read_bytes(), json.loads(manifest.read_text())["manifest"]
    other = make_backup({DATA: settings.BACKUP_DATA_DIR, KEYSTORE: settings.BACKUP_KEYSTORE_DIR})
    place = made[kind].parent / f"{kind}-{other[0].name}" / part
    # A chunk that was left out, a whole part of another set, a byte of the key.
    for bent in (whole[:-30], place.read_bytes(), with_another_byte(whole, 40)):
        path.write_bytes(bent)
        said = Manifest(**json.loads(text))
        said.parts[part]["sha256"] = hashlib.sha256(bent).hexdigest()
        said.write(made[kind])
        with pytest.raises(BackupFault, match=r"does not open|was damaged"):
            proved(made)


def test_one_kind_given_as_the_other_is_refused(made):
    with pytest.raises(BackupFault, match="is a backup of the keystore, and one of the data"):
        prove_sets(made[KEYSTORE], made[DATA])
    with pytest.raises(BackupFault, match="is a backup of the data, and one of the keystore"):
        prove_sets(made[DATA], made[DATA])


def test_a_manifest_that_says_something_else_is_refused(made):
    path = made[DATA] / "manifest.json"
    good = path.read_text()
    for bent in (good.replace("requests_app_need", "requests_app_nedd", 1), "{}", "", "[1]"):
        assert bent != good
        path.write_text(bent)
        with pytest.raises(BackupFault, match=r"changed since|is damaged"):
            proved(made)


def test_another_pair_of_keys_does_not_open_it(made, settings, tmp_path):
    old = settings.RESTORE_KEYS_DIR
    settings.BACKUP_KEYS_DIR, settings.RESTORE_KEYS_DIR = tmp_path / "m2", tmp_path / "o2"
    create_keys()
    with pytest.raises(BackupFault, match="was not made by the machine"):
        proved(made)
    shutil.copy(old / "maker.public", tmp_path / "o2" / "maker.public")
    with pytest.raises(BackupFault, match="does not open with this key"):
        proved(made)


@pytest.mark.parametrize("after", ["data", "dump", "rename"])
def test_one_that_is_killed_leaves_nothing_that_looks_whole(story, places, after, tmp_path):
    """Killed in the middle of a dump, before the name is given, or between the two sets."""
    script = f"""
import os, signal, django
django.setup()
from backups import making
from pathlib import Path
def die(*a, **k): os.kill(os.getpid(), signal.SIGKILL)
after = {after!r}
if after == "dump": making._pack = die
if after == "rename": Path.rename = die
real = making._make
def one(kind, *a):
    if after == "data" and kind == "keystore": die()
    return real(kind, *a)
making._make = one
from django.core.management import call_command
call_command("backup")
"""
    env = os.environ | urls() | {
        "PYTEST": "false",
        "BACKUP_DATA_DIR": str(places[DATA]),
        "BACKUP_KEYSTORE_DIR": str(places[KEYSTORE]),
        "BACKUP_KEYS_DIR": str(tmp_path / "making"),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, check=False)
    assert done.returncode == -signal.SIGKILL
    left = {kind: [path.name for path in places[kind].glob("[!.]*")] for kind in KINDS}
    assert left[KEYSTORE] == []
    assert len(left[DATA]) == (after == "data")
    call_command("backup")
    assert not [path for kind in KINDS for path in places[kind].glob(f"{DRAFT}*")]
    found = {kind: sets(places[kind], kind)[0][0] for kind in KINDS}
    proved(found)


def test_two_at_once_are_one(story, places):
    places[DATA].mkdir(parents=True)
    with (places[DATA] / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="Another backup is being made"):
            call_command("backup")
    call_command("backup")


def test_a_full_disk_leaves_nothing(story, places, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "_pack", full)
    with pytest.raises(CommandError, match=r"could not be written .*No space left"):
        call_command("backup")
    assert not list(places[DATA].glob("[!.]*"))
    assert not list(places[KEYSTORE].glob("[!.]*"))


def test_a_dump_that_fails_leaves_nothing_and_quotes_no_row(story, places, monkeypatch, tmp_path):
    tool = tmp_path / "pg_dump"
    tool.write_text(
        '#!/bin/sh\necho half\necho "pg_dump: error: lost the server" >&2\n'
        'echo "CONTEXT: COPY people, line 1: Zed" >&2\nexit 1\n'
    )
    tool.chmod(0o700)
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(CommandError, match="lost the server") as said:
        call_command("backup")
    assert "Zed" not in str(said.value)
    assert not list(places[DATA].glob("[!.]*"))


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (
            'exec >&-\nsleep 1\necho "pg_dump: error: lost the server" >&2\nexit 1',
            "lost the server",
        ),
        ("exit 3", r"ended without a word \(exit code 3\)"),
        ("kill -9 $$", r"ended without a word \(killed by SIGKILL\)"),
    ],
    ids=["late", "silent", "killed"],
)
def test_how_a_dump_ended_is_said(story, places, monkeypatch, tmp_path, ends, said):
    tool = tmp_path / "pg_dump"
    tool.write_text(f"#!/bin/sh\necho half\n{ends}\n")
    tool.chmod(0o700)
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(CommandError, match=said):
        call_command("backup")


def aged(place, kind, days):
    """A set that was made some days ago, by its name and by what it says and signs."""
    newest = sets(place, kind)[0][0]
    at = datetime.now(UTC) - timedelta(days=days)
    name = f"{at:{STAMP}}-d{days}"
    folder = place / f"{kind}-{name}"
    shutil.copytree(newest, folder)
    text = json.loads(json.loads((newest / "manifest.json").read_text())["manifest"])
    Manifest(**text | {"at": at.isoformat(), "name": name}).write(folder)
    return folder


def days_of(paths):
    return {path.name.rpartition("-d")[2] for path in paths}


@pytest.mark.clause("ISA-8.1")
def test_what_is_past_its_time_goes_and_the_keystore_sooner(made, places):
    for kind in KINDS:
        for days in (6, 8, 34, 36):
            aged(places[kind], kind, days)
    assert days_of(prune(places[DATA], DATA)) == {"36"}
    assert days_of(prune(places[KEYSTORE], KEYSTORE)) == {"8", "34", "36"}
    assert prune(places[DATA], DATA) == []


def test_the_newest_whole_one_stays_however_old(made, places):
    old = aged(places[DATA], DATA, 90)
    older = aged(places[DATA], DATA, 99)
    (made[DATA] / "files.sealed").write_bytes(b"bent")
    assert prune(places[DATA], DATA) == [older]
    assert old.is_dir()


@pytest.mark.clause("ISA-8.1")
def test_one_that_is_damaged_or_of_other_keys_is_not_kept_longer(made, places):
    """What is destroyed would live on in it, for whoever holds those keys."""
    damaged, signed_otherwise = (aged(places[KEYSTORE], KEYSTORE, days) for days in (9, 10))
    (damaged / "database.sealed").write_bytes(b"bent")
    manifest = signed_otherwise / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"signature": "', '"signature": "00', 1))
    somebodys = places[KEYSTORE] / "keystore-of-somebody"
    somebodys.mkdir()
    assert set(prune(places[KEYSTORE], KEYSTORE)) == {damaged, signed_otherwise}
    assert somebodys.is_dir()


@pytest.mark.parametrize(("unset", "why"), [
    ("BACKUP_DATA_DIR", "no place for backups of the data"),
    ("BACKUP_KEYSTORE_DIR", "no place for backups of the keystore"),
    ("BACKUP_KEYS_DIR", "BACKUP_KEYS_DIR is not set"),
])  # fmt: skip
def test_what_is_not_set_is_named(places, db, settings, unset, why):
    setattr(settings, unset, None)
    with pytest.raises(CommandError, match=why):
        call_command("backup")


def test_both_kinds_in_one_place_are_refused(places, db, settings):
    settings.BACKUP_KEYSTORE_DIR = settings.BACKUP_DATA_DIR
    with pytest.raises(CommandError, match="two places"):
        call_command("backup")


def test_keys_are_made_once_and_read_by_nobody_else(places, db, settings):
    with pytest.raises(CommandError, match="There are keys already"):
        call_command("backup", "create-keys")
    (settings.BACKUP_KEYS_DIR / "maker.private").chmod(0o644)
    with pytest.raises(CommandError, match="chmod 600"):
        call_command("backup")
    shutil.copy(settings.BACKUP_KEYS_DIR / "data.public", settings.BACKUP_KEYS_DIR / "x")
    (settings.BACKUP_KEYS_DIR / "keystore.public").write_bytes(
        (settings.BACKUP_KEYS_DIR / "data.public").read_bytes()
    )
    with pytest.raises(CommandError, match="does not hold that key"):
        call_command("backup")


def test_the_list_says_what_there_is(made, places, capsys):
    call_command("backup", "list")
    said = capsys.readouterr().out
    assert all(path.name in said for path in made.values())


def test_counts_and_dump_are_of_one_moment(made_now):
    found = proved(made_now)
    assert found.said[DATA].counts["requests_app_informationrequest"] == 1
    assert (
        found.said[KEYSTORE].counts["encryption_casekey"] == 3
    )  # of the case 2, 1 of the register
    assert found.said[DATA].checkpoint_size > 0
    assert found.said[KEYSTORE].checkpoint == ""
    assert time.time() - found.said[DATA].when.timestamp() < 600
