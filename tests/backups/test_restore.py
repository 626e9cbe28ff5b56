"""A story goes round: backed up, restored elsewhere, proved; and nothing starts before that."""

import re
from uuid import uuid4

import pytest

from backups.keys import DATA, KEYSTORE
from backups.making import make_backup
from backups.restore_mark import set_mark, set_whole
from backups.servers import source
from encryption.casekeys import create_case_key, destroy_case_key
from encryption.disposals import enter
from tests.backups.kept import CONTENT

READ = """
import sys, django
django.setup()
from encryption.files import open_file
from requests_app.models import InformationRequest, Attachment
case = InformationRequest.objects.get(pk=sys.argv[1])
file = Attachment.objects.get(case=case)
content = b"".join(open_file(case_id=case.pk, file_id=file.pk))
sys.stdout.write(f"{case.purpose_reason} | {len(content)}")
"""
WEB = "import portal.wsgi"


def read(elsewhere, story, *, ok=True):
    script = READ.replace("sys.argv[1]", repr(str(story.case.pk)))
    return elsewhere.run(script=script, ok=ok)


@pytest.mark.clause("P-SECURE", part=True)
def test_a_story_with_its_file_goes_round(story, restored, kept):
    said = kept.said
    assert "1 files" in said
    assert "prove_restore" in said
    said = restored.run("prove_restore")
    assert "All is as it was recorded" in said
    assert read(restored, story) == f"A bruise nobody explains | {len(CONTENT)}"


def test_nothing_starts_until_it_is_proved(restored):
    starts = {
        "web": {"script": WEB},
        "sequencer": {"words": ("ledger", "sequence", "--once")},
        "worker": {"script": "import sys; sys.argv = ['celery', '-A', 'portal', 'worker', "
                   "'--concurrency', '1']; from celery.__main__ import main; main()"},
    }  # fmt: skip
    for start in starts.values():
        said = restored.run(*start.get("words", ()), script=start.get("script"), ok=False)
        assert "prove_restore" in said
    restored.run("ledger", "create-key")
    restored.run("prove_restore")
    assert "signed" in restored.run("ledger", "sequence", "--once")
    assert restored.ask(DATA, "SELECT to_regclass('restored_not_yet_proved')") == [(None,)]
    assert restored.ask(KEYSTORE, "SELECT to_regclass('restored_not_yet_proved')") == [(None,)]
    assert "prove_restore" not in restored.run("prove_restore")


@pytest.mark.clause("ISA-8.1")
def test_what_was_disposed_of_since_is_unreadable_again(story, restored, settings):
    """Both databases come back from before the disposal; the register is newer than both."""
    destroy_case_key(story.case.pk)
    settings.DISPOSAL_REGISTER = restored.var / "disposals.jsonl"
    for case_id in (story.case.pk, uuid4()):
        enter(case_id, uuid4())
    keys = "SELECT count(wrapped) FROM encryption_casekey WHERE case_id = "
    keys += f"'{story.case.pk}'"
    assert restored.ask(KEYSTORE, keys) == [(2,)]
    assert "2 disposals replayed" in restored.run("prove_restore")
    assert restored.ask(KEYSTORE, keys) == [(0,)]
    done = restored.run("keys", "verify")
    assert "cells of destroyed cases" in done
    assert "cells opened" not in done


@pytest.mark.parametrize("bent", ['{"case": "not', '{"case": 5}', "[]", '{"by": "x"}'])
def test_a_damaged_register_proves_nothing(restored, bent):
    (restored.var / "disposals.jsonl").write_text(bent + "\n")
    said = restored.run("prove_restore", ok=False)
    assert "Line 1 of the register of disposals" in said
    restored.run(script=WEB, ok=False)


def test_a_missing_register_proves_nothing(restored):
    (restored.var / "disposals.jsonl").unlink()
    assert "would be readable again" in restored.run("prove_restore", ok=False)
    assert "prove_restore" in restored.run(script=WEB, ok=False)


@pytest.mark.clause("P-RECORD", part=True)
def test_a_row_bent_after_the_restore_keeps_it_shut(story, restored):
    restored.ask(DATA, "UPDATE requests_app_informationrequest SET rating = 'red'")
    said = restored.run("prove_restore", ok=False)
    assert "holds other values than at its last step" in said
    assert "The mark of the restore stays" in said
    assert "prove_restore" in restored.run(script=WEB, ok=False)


@pytest.mark.clause("P-RECORD", part=True)
def test_a_finding_that_is_on_record_is_told_and_does_not_keep_it_shut(story, restored):
    restored.ask(
        DATA,
        "INSERT INTO audit_event (at, person, agency, thing, thing_id, move, before, after,"
        " version, digest, details) VALUES (now(), '', '', '', '', '', '', '', 0, '', '{}')",
    )
    said = restored.run("prove_restore", ok=False)
    assert "was added and is in no ledger" in said
    [number] = re.findall(r"\[([0-9a-f]{16})\]", restored.run("ledger", "verify-live", ok=False))
    words = ("--reason", "Tried in a test", "--by", "A. Operator")
    assert "Put on record" in restored.run("ledger", "acknowledge", number, *words)
    said = restored.run("prove_restore")
    for word in ("still so: 1", "A. Operator: Tried in a test", "may start"):
        assert word in said


@pytest.mark.clause("P-RECORD", part=True)
def test_a_forged_second_factor_keeps_it_shut_until_it_is_taken_away_on_record(story, restored):
    restored.ask(
        DATA,
        "INSERT INTO mfa_authenticator (id, user_id, type, data, created_at)"
        " SELECT 7001, id, 'totp', '{}', now() FROM agencies_user LIMIT 1",
    )
    assert "counts for nothing" in restored.run("prove_restore", ok=False)
    assert "factor-7001" in restored.run("forged", "list")
    words = ("--reason", "Tried in a test", "--by", "A. Operator")
    assert "Taken away" in restored.run("forged", "take-away", "factor-7001", *words)
    assert "may start" in restored.run("prove_restore")


def test_nothing_goes_over_databases_that_hold_something(story, made, restored):
    before = restored.ask(DATA, "SELECT count(*) FROM restored_not_yet_proved")
    said = restored.run("restore", made[DATA], "--keystore", made[KEYSTORE], ok=False)
    assert "is not empty; nothing was changed" in said
    assert restored.ask(DATA, "SELECT count(*) FROM restored_not_yet_proved") == before


def test_files_that_are_there_are_left(made, elsewhere):
    (elsewhere.var / "files" / "ab").mkdir(parents=True)
    (elsewhere.var / "files" / "ab" / "some").write_bytes(b"ours")
    said = elsewhere.run("restore", made[DATA], "--keystore", made[KEYSTORE], ok=False)
    assert "nothing was changed" in said
    assert elsewhere.ask(DATA, "SELECT to_regclass('restored_not_yet_proved')") == [(None,)]


def test_a_restored_portal_is_not_backed_up_before_it_is_proved(restored, settings):
    restored.env |= {
        "BACKUP_DATA_DIR": str(restored.var / "d"),
        "BACKUP_KEYSTORE_DIR": str(restored.var / "k"),
        "BACKUP_KEYS_DIR": str(settings.BACKUP_KEYS_DIR),
    }
    assert "not yet proved" in restored.run("backup", ok=False)
    assert not list((restored.var / "d").glob("[!.]*"))
    restored.run("prove_restore")
    assert "rows" in restored.run("backup")


def test_a_keystore_older_than_the_data_is_refused(story, made, places, elsewhere):
    create_case_key(story.case.pk)
    later = make_backup(places)[0]
    said = elsewhere.run(
        "restore", places[DATA] / f"data-{later.name}", "--keystore", made[KEYSTORE], ok=False
    )
    assert "older than that of the data" in said
    said = elsewhere.run(
        "restore", made[DATA], "--keystore", places[KEYSTORE] / f"keystore-{later.name}"
    )
    assert "Restored" in said


def mark_again(elsewhere, kind):
    with source(kind).named(elsewhere.names[kind]).asked() as link, link, link.cursor() as cursor:
        set_mark(cursor, "again")
        set_whole(cursor)


@pytest.mark.clause("P-RECORD", part=True)
def test_a_newer_checkpoint_says_what_was_lost(story, restored, tmp_path):
    """A partner's checkpoint is of more leaves than came back; one of the same leaves is held."""
    from django.utils import timezone

    from audit.ledger.notes import Checkpoint
    from audit.ledger.sequencing import latest, verifiers
    from audit.ledger.signing import create_signing_key

    newest = latest()
    held = tmp_path / "checkpoint"
    held.write_text(newest.note)
    signer = create_signing_key(tmp_path / "key", "tests.invalid/ledger")
    [own] = verifiers()
    for size, root, word in (
        (newest.size + 3, b"\x01" * 32, "THE LEDGER THAT WAS RESTORED ENDS AT"),
        (newest.size, b"\x01" * 32, "are not those of the checkpoint"),
    ):
        note = Checkpoint(signer.name, size, root, timezone.now()).text()
        (tmp_path / "other").write_text(signer.sign(note))
        words = ("prove_restore", "--checkpoint", tmp_path / "other")
        assert "does not hold" in restored.run(*words, ok=False)
        keys = ("--key", signer.verifier, "--key", own)
        said = restored.run(*words, *keys, ok=size > newest.size)
        assert word in said
        if size > newest.size:
            assert f"PARTNERS HOLD {size:,}" in said
            for kind in (DATA, KEYSTORE):
                mark_again(restored, kind)
    # One that fits and is not there is told, and stands in nobody's way: see docs/adr/0101.
    note = Checkpoint(signer.name, newest.size, newest.root, timezone.now()).text()
    (tmp_path / "other").write_text(signer.sign(note))
    words = ("prove_restore", "--checkpoint", tmp_path / "other")
    said = restored.run(*words, "--key", signer.verifier, "--key", own)
    assert "not among those that were restored" in said
    for kind in (DATA, KEYSTORE):
        mark_again(restored, kind)
    said = restored.run("prove_restore", "--checkpoint", held)
    assert ("may start" in said, "not among" in said) == (True, False)


@pytest.mark.parametrize(("after", "again"), [("_fill", True), ("_unpack", False)])
def test_a_restore_that_is_killed_leaves_nothing_that_starts(made, elsewhere, after, again):
    """Before anything came back it can be run again; after that it asks for new databases.

    Where only the files are missing, the ledger would not say so: nothing is proved by it.
    """
    script = f"""
import os, signal, django
django.setup()
from backups import restoring
restoring.{after} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from django.core.management import call_command
call_command("restore", {str(made[DATA])!r}, "--keystore", {str(made[KEYSTORE])!r})
"""
    elsewhere.run(script=script, ok=False)
    assert "prove_restore" in elsewhere.run(script=WEB, ok=False)
    assert "was not finished" in elsewhere.run("prove_restore", ok=False)
    assert "prove_restore" in elsewhere.run(script=WEB, ok=False)
    words = ("restore", made[DATA], "--keystore", made[KEYSTORE])
    said = elsewhere.run(*words, ok=again)
    assert ("Restored" if again else "make two new ones") in said
