"""Wrong people, wrong moments and old registers: each is refused in words, and nothing starts."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections

from audit.ledger.sequencing import verifiers
from audit.ledger.signing import create_signing_key
from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE, KINDS
from backups.restore_mark import is_marked, set_mark, set_whole
from backups.restoring import prove_sets
from backups.servers import source, target
from encryption.casekeys import destroy_case_key


def mark(elsewhere):
    """As after a restore that came to its end."""
    for kind in KINDS:
        server = source(kind).named(elsewhere.names[kind])
        with server.asked() as link, link, link.cursor() as cursor:
            set_mark(cursor, "some")
            set_whole(cursor)


def test_who_may_not_read_everything_is_told_so(places, transactional_db, settings):
    """In the container of some other process, say."""
    owner = source(DATA)
    settings.BACKUP_DATABASE_URL = owner.url.replace(f"//{owner.user}", "//portal_ledger")
    with pytest.raises(CommandError, match=r"permission denied.*owner of the tables"):
        call_command("backup")
    assert not list(places[DATA].glob("[!.]*"))


def test_a_process_without_a_keystore_is_told_so(monkeypatch, settings):
    from backups import servers

    settings.BACKUP_KEYSTORE_DATABASE_URL = ""
    monkeypatch.setattr(servers, "connections", {"default": connections["default"]})
    with pytest.raises(BackupFault, match="KEYSTORE_DATABASE_URL"):
        target(KEYSTORE)


def test_tables_that_are_not_there_yet_are_said_and_the_mark_stays(places, elsewhere):
    mark(elsewhere)
    said = elsewhere.run("prove_restore", ok=False)
    assert "manage.py migrate" in said
    assert elsewhere.ask(DATA, "SELECT to_regclass('restored_not_yet_proved')") != [(None,)]


@pytest.mark.clause("ISA-8.1")
@pytest.mark.parametrize("words", [("disposals", "carry-out"), ("keys", "reencrypt", "x")])
def test_what_writes_and_cannot_be_undone_waits_for_the_proof_too(places, elsewhere, words):
    """A list of disposals that somebody bent would be carried out before the ledger says so."""
    mark(elsewhere)
    assert "prove_restore" in elsewhere.run(*words, ok=False)


def test_a_sequencer_that_outlives_a_restore_signs_nothing_before_the_proof(db, monkeypatch):
    """It goes on when its database comes back: by then it may be another one."""
    from portal.management.commands import ledger

    done = []

    def sequence(_signer, since):
        assert since is None, "nothing was placed yet"
        done.append(1)
        if len(done) > 1:
            raise AssertionError("it signed over a restore that nobody proved")
        with connections["default"].cursor() as cursor:
            set_mark(cursor, "some")
        raise DatabaseError("gone")

    monkeypatch.setattr(ledger, "sequence", sequence)
    monkeypatch.setattr(ledger, "read_signing_key", lambda _path: None)
    monkeypatch.setattr(ledger, "AFTER_A_FAULT", 0.0)
    monkeypatch.setattr(ledger.connections, "close_all", lambda: None)
    with pytest.raises(CommandError, match="prove_restore"):
        call_command("ledger", "sequence", stderr=io.StringIO())


def test_the_mark_is_where_it_is_looked_for(db):
    """Whatever schema this role would make its tables in."""
    with connections["default"].cursor() as cursor:
        cursor.execute("CREATE SCHEMA portal; SET LOCAL search_path = portal, public")
        set_mark(cursor, "some")
    assert is_marked("default")


@pytest.mark.clause("ISA-8.1")
def test_a_register_that_is_older_than_the_backup_proves_nothing(story, places, elsewhere):
    """What the keystore knows as destroyed is on the newest register; this one is not that."""
    from backups.making import make_backup

    destroy_case_key(story.case.pk)
    made = {x.kind: places[x.kind] / f"{x.kind}-{x.name}" for x in make_backup(places)}
    elsewhere.run("restore", made[DATA], "--keystore", made[KEYSTORE])
    register = elsewhere.var / "disposals.jsonl"
    assert "an older one" in elsewhere.run("prove_restore", ok=False)
    line = {"case": str(story.case.pk), "at": "2026-11-23T00:00:00Z", "list": ""}
    register.write_text(json.dumps(line) + "\n")
    assert "may start" in elsewhere.run("prove_restore")


def test_the_ledger_is_held_against_the_keys_that_are_given(story, restored, tmp_path):
    """Whoever owned the database could have named another key in it, and signed all anew."""
    [own] = verifiers()
    other = create_signing_key(tmp_path / "key", own.name).verifier
    assert "not the public key" in restored.run("prove_restore", "--key", "x", ok=False)
    assert "No known key" in restored.run("prove_restore", "--key", other, ok=False)
    assert "prove_restore" in restored.run("disposals", "carry-out", ok=False), "the mark stays"
    assert "may start" in restored.run("prove_restore", "--key", other, "--key", own)


def test_a_restore_says_how_much_of_it_is_done_files_too(made, elsewhere):
    said = prove_sets(made[DATA], made[KEYSTORE], step=(seen := []).append)
    sealed = sum(each.size for each in said.said.values())
    assert seen == sorted(seen)
    assert 0.95 < seen[-1] / sealed <= 1
    script = f"""
import django
django.setup()
from backups.restoring import prove_sets, restore
from pathlib import Path
sets = prove_sets(Path({str(made[DATA])!r}), Path({str(made[KEYSTORE])!r}))
from portal.rls.roles import make_roles
[make_roles(each) for each in ("default", "keystore")]
seen = []
restore(sets, step=seen.append)
print(seen == sorted(seen), seen[-1])
"""
    assert f"True {seen[-1]}" in elsewhere.run(script=script)
