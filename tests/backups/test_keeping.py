"""What is past its time goes, whatever else goes wrong; places and keys are what they should be."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from backups import keys
from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE, KINDS, create_keys
from backups.manifest import Manifest
from backups.places import places as two_places
from backups.pruning import STAMP, gone_from, newest_pair, prune
from backups.restoring import prove_sets
from portal.settings.backups import require_days, require_place


def a_set(place, kind, **ago):
    """A set without parts, signed, as if made so long ago."""
    at = datetime.now(UTC) - timedelta(**ago)
    name = f"{at:{STAMP}}-abcdef"
    folder = place / f"{kind}-{name}"
    folder.mkdir(parents=True)
    said = Manifest(kind, name, at.isoformat(), "1", "17", {}, {}, 0, "", 0, {})
    said.write(folder)
    return folder


@pytest.mark.clause("ISA-8.1")
def test_a_backup_that_fails_still_removes_what_is_past_its_time(places, settings):
    """Else a disk that is full keeps the keys of destroyed cases for as long as nobody looks."""
    settings.BACKUP_DATABASE_URL = "postgres://nobody@127.0.0.1:1/nothing"
    past = {kind: a_set(places[kind], kind, days=40) for kind in KINDS}
    newest = {kind: a_set(places[kind], kind, days=1) for kind in KINDS}
    with pytest.raises(CommandError, match="does not answer"):
        call_command("backup")
    assert not any(path.exists() for path in past.values())
    assert all(path.exists() for path in newest.values())


def test_what_a_restore_would_be_made_of_stays(places, settings):
    """For weeks the keystore could not be copied: newer data are of no use without it."""
    settings.BACKUP_DATABASE_URL = "postgres://nobody@127.0.0.1:1/nothing"
    pair = {kind: a_set(places[kind], kind, days=40, minutes=kind == DATA) for kind in KINDS}
    gone = a_set(places[DATA], DATA, days=41)
    for days in (39, 20, 1):
        a_set(places[DATA], DATA, days=days)
    with pytest.raises(CommandError):
        call_command("backup")
    assert newest_pair(places) == pair
    assert not gone.exists()


@pytest.mark.clause("ISA-8.1")
def test_what_cannot_be_removed_does_not_keep_the_rest_and_is_named(places, tmp_path):
    """A link or a file with a set's name: what is past its time beside it goes all the same."""
    a_set(places[KEYSTORE], KEYSTORE, days=1)
    old = [a_set(places[KEYSTORE], KEYSTORE, days=days) for days in (9, 20)]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    link = old[0].with_name(f"{old[0].name}-link")
    link.symlink_to(elsewhere)
    with pytest.raises(BackupFault, match="past its time and could not be removed") as said:
        prune(places[KEYSTORE], KEYSTORE)
    assert link.name in str(said.value)
    assert link.is_symlink()
    assert (elsewhere / "kept").exists()
    assert not any(path.exists() for path in old)


@pytest.mark.clause("ISA-8.1")
@pytest.mark.parametrize("hour", [0, 1, 2, 14, 23])
def test_the_day_of_the_certificate_is_after_the_last_set_went(places, monkeypatch, hour):
    """The worst: a set made by hand just before the key was destroyed, past its time just after
    a night's backup, so that only the next night's removes it.
    """
    from backups import pruning

    destroyed = datetime(2026, 3, 9, hour, 30, tzinfo=UTC)
    a_set(places[KEYSTORE], KEYSTORE, days=0)
    made = destroyed - timedelta(minutes=1)
    folder = places[KEYSTORE] / f"{KEYSTORE}-{made:{STAMP}}-abcdef"
    folder.mkdir()
    night = destroyed.replace(hour=1, minute=12)
    while folder.exists():
        night += timedelta(days=1)

        class Clock(datetime):
            @classmethod
            def now(cls, _zone, night=night):
                return night

        monkeypatch.setattr(pruning, "datetime", Clock)
        prune(places[KEYSTORE], KEYSTORE)
    assert night.date() < gone_from(KEYSTORE, destroyed) <= night.date() + timedelta(days=2)


def test_one_place_within_the_other_is_one_place(tmp_path, settings):
    for data, keystore in ((tmp_path, tmp_path / "k"), (tmp_path / "d", tmp_path)):
        with pytest.raises(BackupFault, match="two places"):
            two_places(data, keystore)
        with pytest.raises(Exception, match="another place"):
            require_place("here", data, keystore)
    settings.BACKUP_KEYS_DIR, settings.RESTORE_KEYS_DIR = tmp_path / "a", tmp_path / "a" / "b"
    with pytest.raises(BackupFault, match="two places"):
        create_keys()


@pytest.mark.parametrize(("data", "keystore"), [(35, 35), (7, 35), (35, 0), (35, -1)])
def test_the_keystore_is_kept_shorter_or_nothing_starts(data, keystore):
    require_days(35, 7)
    with pytest.raises(Exception, match="BACKUP_KEYSTORE_DAYS must be"):
        require_days(data, keystore)


@pytest.mark.parametrize("after", range(1, 6))
def test_keys_that_were_made_half_seal_nothing_and_can_be_made_again(
    settings, tmp_path, monkeypatch, after
):
    """Killed between any two: nothing is sealed to a key whose other half was never written."""
    settings.BACKUP_KEYS_DIR, settings.RESTORE_KEYS_DIR = tmp_path / "m", tmp_path / "o"
    real, written = keys._write, []

    def dying(path, raw):
        if len(written) == after:
            raise KeyboardInterrupt
        written.append(path)
        real(path, raw)

    monkeypatch.setattr(keys, "_write", dying)
    with pytest.raises(KeyboardInterrupt):
        create_keys()
    monkeypatch.undo()
    for kind in KINDS:
        if (tmp_path / "m" / f"{kind}.public").exists():
            assert (tmp_path / "o" / f"{kind}.private").exists()
    with pytest.raises(BackupFault, match="Only some of the keys are there") as said:
        create_keys()
    for path in written:
        assert str(path) in str(said.value)
        Path(path).unlink()
    create_keys()
    keys.sealing_key(DATA)


def test_a_set_without_its_parts_is_refused_before_anything_is_written(places):
    """Whoever has the maker's key can sign such a thing; it would be found out half-way."""
    data, keystore = (
        a_set(places[kind], kind, hours=ago) for kind, ago in ((DATA, 2), (KEYSTORE, 1))
    )
    with pytest.raises(BackupFault, match="has not the parts"):
        prove_sets(data, keystore)
