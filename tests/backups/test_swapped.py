"""A restore takes only what its maker signed, to the last byte, and as nobody powerful (M5)."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE, KINDS, sealing_key
from backups.making import DATABASE, FILES, make_backup
from backups.restore_role import NAME, without_power
from backups.sealed_files import PIECE, Again, held_pieces
from backups.sealing import Sealing
from backups.servers import source
from tests.backups.elsewhere import admin

pytestmark = pytest.mark.clause("P-SECURE", part=True)

# Both sets are proved; then somebody who may write to their place exchanges a file.
RESTORE = """
import shutil, django
django.setup()
from pathlib import Path
from backups.errors import BackupFault
from backups.restoring import prove_sets, restore
from portal.rls.roles import make_roles
sets = prove_sets(Path({data!r}), Path({keystore!r}))
[make_roles(each) for each in ("default", "keystore")]
shutil.copy({swapped!r}, {over!r})
try:
    restore(sets)
except BackupFault as fault:
    print("refused:", fault)
"""


def sealed_by_a_stranger(folder: Path, kind: str, part: str, plain: bytes) -> Path:
    """A part of a set as anybody can seal it who knows its name and the public key."""
    name = folder.name.removeprefix(f"{kind}-")
    path = folder.parent / "of a stranger"
    with path.open("wb") as out:
        sealing = Sealing(out, sealing_key(kind), kind, name, part)
        sealing.write(plain)
        sealing.close()
    return path


@pytest.mark.parametrize(("kind", "part"), [(DATA, DATABASE), (DATA, FILES), (KEYSTORE, DATABASE)])
def test_what_was_exchanged_after_it_was_proved_is_not_restored(made, elsewhere, kind, part):
    over = made[kind] / part
    plain = b"SELECT 1" if part == DATABASE else b"\0" * 1024
    swapped = sealed_by_a_stranger(made[kind], kind, part, plain)
    said = elsewhere.run(
        script=RESTORE.format(
            data=str(made[DATA]),
            keystore=str(made[KEYSTORE]),
            swapped=str(swapped),
            over=str(over),
        )
    )
    assert f"refused: {over} was changed while it was restored" in said
    mark = elsewhere.ask(kind, "SELECT is_whole FROM restored_not_yet_proved")
    assert mark == [(False,)], "nothing starts on what is there"
    if part == DATABASE:
        assert elsewhere.ask(kind, "SELECT to_regclass('django_migrations')") == [(None,)]
    assert not (elsewhere.var / "files").exists()


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_piece_that_differs_goes_no_further(tmp_path, at):
    file = tmp_path / "file"
    whole = bytes(range(256)) * (PIECE // 100)  # two pieces and a half
    file.write_bytes(whole)
    pieces = held_pieces(file, hashlib.sha256(whole).hexdigest())
    with Again(file, pieces) as same:
        assert same.read() == whole
    bent = bytearray(whole)
    bent[at * PIECE + 5] ^= 1
    file.write_bytes(bent)
    with Again(file, pieces) as other:
        for number in range(at):
            assert other.read(PIECE) == whole[number * PIECE : (number + 1) * PIECE]
        with pytest.raises(BackupFault):
            other.read(1)
    for shorter_or_longer in (whole[: 2 * PIECE], whole + b"x" * PIECE):
        file.write_bytes(shorter_or_longer)
        with Again(file, pieces) as other, pytest.raises(BackupFault):
            other.read()


def test_what_needs_a_superuser_is_not_restored(story, places, elsewhere):
    """Whoever wrote to the database, or makes backups, gets no hold of the server by a restore."""
    evil = "CREATE FUNCTION public.evil() RETURNS int LANGUAGE internal AS 'pg_backend_pid'"
    server = source(DATA)
    with server.asked() as link, link, link.cursor() as cursor:
        cursor.execute(evil)
    try:
        made = {
            said.kind: places[said.kind] / f"{said.kind}-{said.name}"
            for said in make_backup(places)
        }
    finally:
        with server.asked() as link, link, link.cursor() as cursor:
            cursor.execute("DROP FUNCTION public.evil()")
    said = elsewhere.run("restore", made[DATA], "--keystore", made[KEYSTORE], ok=False)
    assert "permission denied for language internal" in said
    assert elsewhere.ask(DATA, "SELECT to_regclass('django_migrations')") == [(None,)]
    assert left_over() == []


def test_what_was_restored_is_the_owners_and_the_role_of_the_restore_is_gone(restored):
    for kind in KINDS:
        owners = restored.ask(
            kind,
            "SELECT DISTINCT relowner::regrole::text FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace",
        )
        assert owners == [(source(kind).user,)]
    assert left_over() == []


def test_the_role_of_a_killed_restore_is_cleared_away(made, elsewhere):
    admin(f"CREATE ROLE {NAME}killed LOGIN")
    elsewhere.run("restore", made[DATA], "--keystore", made[KEYSTORE])
    assert left_over() == []


@pytest.mark.parametrize(
    ("rights", "name"),
    [("NOCREATEROLE", "restores as himself"), ("CREATEROLE", "has a role made for it")],
)
def test_what_an_owner_who_is_no_superuser_restores_is_his(made, elsewhere, rights, name):
    """Whoever may make roles gives himself any but superuser's, until PostgreSQL 16."""
    owner = source(DATA).user
    admin(f"CREATE ROLE plain_owner LOGIN {rights}")
    try:
        for kind in KINDS:
            admin(f"ALTER DATABASE {elsewhere.names[kind]} OWNER TO plain_owner")
        for url in ("DATABASE_URL", "KEYSTORE_DATABASE_URL"):
            elsewhere.env[url] = elsewhere.env[url].replace(f"//{owner}", "//plain_owner")
        server = replace(source(DATA), user="plain_owner", name=elsewhere.names[DATA])
        with without_power(server) as asked:
            assert (asked.user == "plain_owner") == (name == "restores as himself")
        elsewhere.run("restore", made[DATA], "--keystore", made[KEYSTORE])
        owned = elsewhere.ask(
            DATA, "SELECT relowner::regrole::text FROM pg_class WHERE relname = 'agencies_agency'"
        )
        assert owned == [("plain_owner",)]
        assert left_over() == []
    finally:
        for kind in KINDS:
            with source(kind).named(elsewhere.names[kind]).asked() as link, link:
                link.cursor().execute("REASSIGN OWNED BY plain_owner TO CURRENT_USER")
                link.cursor().execute("DROP OWNED BY plain_owner")
        admin("DROP ROLE plain_owner")


def fails_with_its_role_renamed():
    with without_power(source(DATA)) as asked:
        admin(f"ALTER ROLE {asked.user} RENAME TO {NAME}renamed")
        raise BackupFault("the first")


def test_what_went_wrong_first_is_what_is_said():
    with pytest.raises(BackupFault, match="the first"):
        fails_with_its_role_renamed()
    with source(DATA).asked() as link, link, link.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {NAME}renamed")
        cursor.execute(f"DROP ROLE {NAME}renamed")


def test_two_at_once_leave_each_other_their_roles():
    with without_power(source(DATA)) as one, without_power(source(KEYSTORE)) as other:
        assert {one.user, other.user} == set(left_over())
        for asked in (one, other):
            with asked.asked() as link, link.cursor() as cursor:
                cursor.execute("SELECT current_user")
                assert cursor.fetchone() == (asked.user,)
    assert left_over() == []


def test_a_part_that_is_gone_is_said(tmp_path):
    with pytest.raises(BackupFault, match="cannot be read"):
        Again(tmp_path / "gone", [])


def left_over():
    """Roles of restores that are still there."""
    roles = [name for (name,) in admin("SELECT rolname FROM pg_roles")]
    return [name for name in roles if name.startswith(NAME)]
