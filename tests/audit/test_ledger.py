"""Every row of evidence has its leaf; the sequencer places them; the whole verifies."""

import json
import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from agencies.permissions import May
from audit.ledger.leaves import canonical
from audit.ledger.live import verify_live
from audit.ledger.notes import Checkpoint, NoteFault, Signer, Verifier, opened
from audit.ledger.proofs import NotSignedYet, consistency, receipt
from audit.ledger.sequencing import LedgerFault, sequence, tree_as_signed, verifiers
from audit.ledger.signing import create_signing_key, read_signing_key
from audit.ledger.tree import Tree, leaf_hash
from audit.ledger.verifying import verify
from audit.models import AccessEntry, Event, Leaf, SignedCheckpoint
from requests_app.actions import parts
from requests_app.models import InformationRequest
from requests_app.policies import REQUESTS
from tests import walks
from workflow.doors import fetch_or_404

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signer(tmp_path) -> Signer:
    return create_signing_key(tmp_path / "key", "tests.invalid/ledger")


@pytest.mark.clause("P-RECORD")
def test_every_row_of_evidence_has_one_leaf_that_says_the_same(cast):
    case = walks.sent(cast)
    fetch_or_404(REQUESTS, cast.officer, May.TRIAGE, pk=case.pk)
    changes = Leaf.objects.filter(kind="change").values_list("entry", flat=True)
    looks = Leaf.objects.filter(kind="look").values_list("entry", flat=True)
    assert sorted(changes) == sorted(Event.objects.values_list("pk", flat=True))
    assert sorted(looks) == sorted(AccessEntry.objects.values_list("pk", flat=True))
    event = Event.objects.filter(move="informationrequest.send").get()
    body = Leaf.objects.get(kind="change", entry=event.pk).body
    said = json.loads(body)
    assert canonical(said) == body
    assert said["move"] == "informationrequest.send"
    assert (said["person"], said["case"]) == (str(cast.requester.user.pk), str(case.pk))
    assert said["version"] == case.version
    assert len(said["row"]) == len(said["commit"]) == len(said["digest"]) == 64


def test_nothing_that_a_person_typed_is_in_a_leaf(cast):
    walks.sent(cast)
    everything = "".join(Leaf.objects.values_list("body", flat=True))
    for typed in ("Zed", "Example", "Invented Street", "9990000018", "bruise", "Uncle"):
        assert typed not in everything


def test_what_rolls_back_leaves_no_leaf(cast):
    walks.a_draft(cast)
    before = Leaf.objects.count()
    with transaction.atomic():
        walks.a_draft(cast)
        transaction.set_rollback(True)
    assert Leaf.objects.count() == before


def test_the_sequencer_places_every_leaf_once_and_the_whole_verifies(cast, signer):
    walks.a_draft(cast)
    first = sequence(signer)
    assert first is not None
    assert first.placed == first.size == Leaf.objects.count()
    walks.sent(cast)
    second = sequence(signer, batch=7)
    assert second is not None
    assert (second.placed, second.size) == (7, first.size + 7)
    while (done := sequence(signer)) and done.placed:
        pass
    places = list(Leaf.objects.order_by("leaf_index").values_list("leaf_index", flat=True))
    assert places == list(range(Leaf.objects.count()))
    found = verify()
    assert (found.count, found.leaves, found.waiting) == (0, len(places), 0)
    assert found.checkpoints == SignedCheckpoint.objects.count()
    assert verify_live().wrong == []


def test_a_late_commit_is_not_lost(cast, signer):
    """A leaf with a lower number that commits after the sequencer went by gets its place."""
    inserted, go = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            walks.a_draft(cast)
            inserted.set()
            go.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert inserted.wait(20)
    walks.a_draft(cast)
    sequence(signer)
    go.set()
    thread.join(20)
    assert Leaf.objects.filter(leaf_index=None).exists()
    sequence(signer)
    assert not Leaf.objects.filter(leaf_index=None).exists()
    assert verify().wrong == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_leaf SET body = 'x'",
        "UPDATE audit_leaf SET leaf_index = leaf_index + 1000",
        "UPDATE audit_leaf SET leaf_index = NULL",
        "INSERT INTO audit_leaf (kind, entry, body, leaf_index) VALUES ('look', -1, 'x', 99999)",
        "DELETE FROM audit_leaf",
        "UPDATE audit_signedcheckpoint SET note = 'x'",
        "DELETE FROM audit_signedcheckpoint",
        "DELETE FROM audit_tile",
        "UPDATE audit_tile SET hashes = ''",
        "DELETE FROM audit_signatory",
    ],
)
def test_the_database_refuses_to_bend_the_ledger(cast, signer, sql):
    walks.a_draft(cast)
    sequence(signer)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("role", "sql"),
    [
        (
            "portal_app",
            "INSERT INTO audit_leaf (kind, entry, body, leaf_index) VALUES ('x', 1, 'x', 0)",
        ),
        ("portal_app", "UPDATE audit_leaf SET leaf_index = 1"),
        ("portal_app", "INSERT INTO audit_signedcheckpoint VALUES (1, 'x', now())"),
        ("portal_app", "UPDATE audit_tile SET hashes = ''"),
        ("portal_worker", "UPDATE audit_leaf SET leaf_index = 1"),
        ("portal_worker", "DELETE FROM audit_leaf"),
        ("portal_ledger", "UPDATE audit_leaf SET body = 'x'"),
        ("portal_ledger", "INSERT INTO audit_leaf (kind, entry, body) VALUES ('look', 1, 'x')"),
        ("portal_ledger", "SELECT * FROM requests_app_subject"),
        ("portal_ledger", "SELECT * FROM agencies_user"),
        ("portal_ledger", "INSERT INTO audit_event (person) VALUES ('x')"),
    ],
)
def test_no_process_has_a_right_to_bend_the_ledger(cast, signer, role, sql):
    walks.a_draft(cast)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute(sql)
        transaction.set_rollback(True)


BENT = {
    "a body": "UPDATE audit_leaf SET body = replace(body, 'entry', 'Entry') WHERE leaf_index = 3",
    "a leaf taken out": "DELETE FROM audit_leaf WHERE leaf_index = 3",
    "two exchanged": (
        "UPDATE audit_leaf SET leaf_index = CASE leaf_index WHEN 3 THEN -4 ELSE -3 END"
        " WHERE leaf_index IN (3, 4);"
        " UPDATE audit_leaf SET leaf_index = -leaf_index WHERE leaf_index < 0"
    ),
    "a tile": (
        "UPDATE audit_tile SET hashes = decode(repeat('ab', 32), 'hex') || substr(hashes, 33)"
    ),
    "a checkpoint taken out": "DELETE FROM audit_signedcheckpoint",
    "a checkpoint": "UPDATE audit_signedcheckpoint SET note = replace(note, 'at 2', 'at 1')",
    # The one-file verifier refuses an export that holds one of these.
    "a line after a checkpoint": "UPDATE audit_signedcheckpoint SET note = note || 'and this'",
    "no end of its last line": "UPDATE audit_signedcheckpoint SET note = rtrim(note, E'\\n')",
    "another dash": "UPDATE audit_signedcheckpoint SET note = replace(note, '\N{EM DASH} ', '')",
    "another separator": (
        "UPDATE audit_signedcheckpoint SET note = replace(note, E'\\n\N{EM DASH}', "
        "E'\\n\\u2028\N{EM DASH}')"
    ),
    "the end cut off": "DELETE FROM audit_leaf WHERE leaf_index > 5",
}


@pytest.mark.parametrize("how", BENT)
def test_what_the_owner_of_the_tables_bends_is_found(cast, signer, how):
    walks.sent(cast)
    sequence(signer)
    assert verify().count == 0
    _as_owner(BENT[how])
    assert verify().count > 0, how


def test_nothing_more_is_signed_over_a_bent_tree(cast, signer):
    walks.a_draft(cast)
    sequence(signer)
    _as_owner(BENT["a tile"])
    walks.a_draft(cast)
    with pytest.raises(LedgerFault, match="ledger verify"):
        sequence(signer)
    assert SignedCheckpoint.objects.count() == 1


def test_a_tile_that_is_too_long_is_a_fault_and_no_traceback(cast, signer):
    """What stands behind its end is in no root, and there is no place for the next hash."""
    walks.a_draft(cast)
    sequence(signer)
    _as_owner("UPDATE audit_tile SET hashes = hashes || decode('ab', 'hex')")
    walks.a_draft(cast)
    with pytest.raises(LedgerFault, match="ledger verify"):
        sequence(signer)


SET_BACK = {
    "to nothing": "DELETE FROM audit_signedcheckpoint; DELETE FROM audit_tile;"
    " UPDATE audit_leaf SET leaf_index = NULL, body = replace(body, '.state', '.State')",
    "to what was signed before": "DELETE FROM audit_signedcheckpoint WHERE size > {first};"
    " UPDATE audit_leaf SET leaf_index = NULL WHERE leaf_index >= {first};"
    " DELETE FROM audit_tile; INSERT INTO audit_tile SELECT * FROM tile_then",
}


@pytest.mark.parametrize("how", SET_BACK)
def test_a_ledger_that_was_set_back_is_not_signed_again(cast, signer, how):
    """The sequencer remembers what it signed; the owner of the database has no hand in that."""
    walks.a_draft(cast)
    first = sequence(signer)
    _as_owner("CREATE TABLE tile_then AS SELECT * FROM audit_tile")
    walks.a_draft(cast)
    since = sequence(signer, since=first)
    walks.a_draft(cast)
    since = sequence(signer, since=since)
    assert since.placed
    _as_owner(SET_BACK[how].format(first=first.size))
    _as_owner("DROP TABLE tile_then")
    with pytest.raises(LedgerFault, match=f"{since.size} leaves were signed"):
        sequence(signer, since=since)
    assert sequence(signer).placed, "one that never saw it signs"


LIVE = {
    "status": "UPDATE requests_app_informationrequest SET status = 'accepted'",
    "sealed": "UPDATE requests_app_subject SET family_name = given_name",
    "version": "UPDATE requests_app_informationrequest SET version = version + 1",
    "removed": "DELETE FROM requests_app_need",
    "history": "UPDATE requests_app_historicalsubject SET role = 'connected'",
    "history of whom": "UPDATE requests_app_historicalsubject SET history_user_id = NULL",
    "history when": (
        "UPDATE requests_app_historicalsubject SET history_date = history_date - interval '1 day'"
    ),
    "history gone": "DELETE FROM requests_app_historicalinformationrequest WHERE version = 1",
    "event": "UPDATE audit_event SET person = 'somebody'",
    "event gone": "DELETE FROM audit_event",
    "look gone": "DELETE FROM audit_accessentry",
    "event added": (
        "INSERT INTO audit_event (at, person, agency, thing, thing_id, move, before, after,"
        " version, digest, details) VALUES (now(), '', '', '', '', '', '', '', 0, '', '{}')"
    ),
    "rolled back": (
        "UPDATE requests_app_informationrequest r SET status = h.status, version = h.version,"
        " purpose_reason = h.purpose_reason FROM requests_app_historicalinformationrequest h"
        " WHERE h.id = r.id AND h.version = 2"
    ),
    "gone with its history, its events and the columns by which its leaves are found": (
        "UPDATE audit_leaf SET kind = 'none' WHERE kind = 'change' AND entry IN"
        " (SELECT id FROM audit_event WHERE thing = 'requests_app.need');"
        " DELETE FROM audit_event WHERE thing = 'requests_app.need';"
        " DELETE FROM requests_app_historicalneed; DELETE FROM requests_app_need"
    ),
    "a leaf filed under another number": (
        "UPDATE audit_leaf SET entry = entry + 1000000 WHERE entry = (SELECT max(id)"
        " FROM audit_event); UPDATE audit_event SET id = id + 1000000"
        " WHERE id = (SELECT max(id) FROM audit_event)"
    ),
    "a change filed as a look": (
        "UPDATE audit_leaf SET kind = 'look', entry = entry + 1000000"
        " WHERE entry = (SELECT max(id) FROM audit_event) AND kind = 'change'"
    ),
    "an event at the end of time": "UPDATE audit_event SET at = 'infinity'",
    "a row at the end of time": (
        "UPDATE requests_app_informationrequest SET started_at = 'infinity'"
    ),
    "history at the end of time": (
        "UPDATE requests_app_historicalneed SET history_date = 'infinity'"
    ),
    "a row before all time": "UPDATE requests_app_need SET added_at = '-infinity'",
    "a row of the year 20000": "UPDATE requests_app_need SET added_at = '20000-01-01'",
    "history of a removal": "UPDATE requests_app_historicalneed SET history_type = '-'",
}


@pytest.mark.clause("P-RECORD")
@pytest.mark.parametrize("how", LIVE)
def test_a_row_that_was_changed_by_sql_is_found(cast, signer, how):
    case = walks.sent(cast)
    fetch_or_404(REQUESTS, cast.officer, May.TRIAGE, pk=case.pk)
    sequence(signer)
    assert verify_live().wrong == []
    _as_owner(LIVE[how])
    assert verify_live().count > 0, how
    assert verify().count == 0, "the ledger itself still stands"


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"v":1}', '{"kind":"change","entry":ENTRY}', "[" * 100_000]
)
def test_a_leaf_that_is_none_is_a_finding(cast, body):
    walks.a_draft(cast)
    event = Event.objects.latest("pk").pk
    filed = body.replace("ENTRY", str(event))
    _as_owner(
        f"UPDATE audit_leaf SET body = '{filed}'"  # noqa: S608
        f" WHERE kind = 'change' AND entry = {event}"
    )
    leaf = Leaf.objects.get(kind="change", entry=event)
    assert any(f"Leaf {leaf.pk} " in line for line in verify_live().wrong)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("audit_event", "at"),
        ("audit_accessentry", "at"),
        ("requests_app_historicalneed", "history_date"),
        ("requests_app_need", "version"),
        ("agencies_agency", "is_front_door"),
        ("agencies_heldrole", "role"),
        ("requests_app_need", "fact"),
    ],
)
def test_a_value_that_is_missing_is_a_finding(cast, table, column):
    case = walks.sent(cast)
    fetch_or_404(REQUESTS, cast.officer, May.TRIAGE, pk=case.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"ALTER TABLE {table} ALTER {column} DROP NOT NULL")
        cursor.execute(f"UPDATE {table} SET {column} = NULL")  # noqa: S608
        assert cursor.rowcount > 0
        assert verify_live().count > 0
        transaction.set_rollback(True)


def test_a_second_leaf_of_one_change_is_found(cast):
    walks.a_draft(cast)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_leaf DROP CONSTRAINT one_leaf_for_each_entry")
        cursor.execute(
            "INSERT INTO audit_leaf (kind, entry, body) SELECT kind, entry, body FROM audit_leaf"
            " WHERE kind = 'change' ORDER BY entry DESC LIMIT 1"
        )
        assert verify_live().count == 1
        transaction.set_rollback(True)


@pytest.mark.parametrize("check", [verify, verify_live])
def test_what_people_write_meanwhile_is_no_finding(cast, signer, check):
    """Everything is held as it was at one moment."""
    case = walks.a_draft(cast)
    sequence(signer)
    meanwhile: list[threading.Thread] = []

    def write() -> None:
        parts.add_need(case, by=cast.requester, once=uuid4(), fact="Seen since?", why="To know")
        sequence(signer)
        connection.close()

    def step(_done: int) -> None:
        if not meanwhile:
            meanwhile.append(threading.Thread(target=write))
            meanwhile[0].start()
            meanwhile[0].join(20)

    leaves = Leaf.objects.count()
    assert check(step=step).wrong == []
    assert Leaf.objects.count() > leaves, "it was written meanwhile"
    assert check().wrong == []


def test_who_signs_all_of_it_anew_is_a_stranger_to_whoever_has_the_key(cast, signer, tmp_path):
    """The keys that the database names may be those of its owner."""
    walks.a_draft(cast)
    sequence(signer)
    assert verify(keys=[signer.verifier]).wrong == []
    _as_owner(
        "DELETE FROM audit_signedcheckpoint; DELETE FROM audit_signatory; DELETE FROM audit_tile;"
        " UPDATE audit_leaf SET leaf_index = NULL, body = replace(body, '.state', '.State')"
    )
    sequence(create_signing_key(tmp_path / "second", signer.name))
    assert verify().wrong == [], "who asks the database alone is told what its owner wants"
    assert "No known key" in verify(keys=[signer.verifier]).wrong[0]


def test_a_row_added_by_sql_is_found(cast):
    case = walks.sent(cast)
    columns = ", ".join(
        each.column
        for each in InformationRequest._meta.concrete_fields
        if each.column not in ("id", "reference")
    )
    _as_owner(
        f"INSERT INTO requests_app_informationrequest (id, reference, {columns})"  # noqa: S608
        f" SELECT gen_random_uuid(), 'X', {columns} FROM requests_app_informationrequest"
        f" WHERE id = '{case.pk}'"
    )
    assert any("was added" in line for line in verify_live().wrong)


@pytest.mark.clause("ISA-3.3")
def test_a_receipt_leads_to_the_signed_root(cast, signer):
    case = walks.sent(cast)
    event = Event.objects.filter(thing_id=str(case.pk)).last()
    with pytest.raises(NotSignedYet):
        receipt(event.pk)
    sequence(signer)
    kept = receipt(event.pk)
    assert opened(kept["checkpoint"], [Verifier.parse(kept["key"])]).size == kept["size"]
    assert json.loads(kept["leaf"])["thing_id"] == str(case.pk)
    walks.sent(cast)
    sequence(signer)
    first, second = SignedCheckpoint.objects.order_by("size")
    proof = consistency(first.size, second.size)
    assert (proof["first"], proof["second"]) == (first.note, second.note)


def test_a_new_signing_key_goes_on_where_the_old_one_stopped(cast, signer, tmp_path):
    walks.a_draft(cast)
    sequence(signer)
    walks.a_draft(cast)
    sequence(create_signing_key(tmp_path / "second", "tests.invalid/ledger"))
    assert len(verifiers()) == 2
    assert verify().count == 0


def test_a_key_of_another_name_signs_nothing(cast, signer, tmp_path):
    """It would be another ledger, to whoever checks this one from outside, and for ever."""
    walks.a_draft(cast)
    sequence(signer)
    walks.a_draft(cast)
    with pytest.raises(LedgerFault, match="LEDGER_NAME"):
        sequence(create_signing_key(tmp_path / "second", "moved.invalid/ledger"))
    assert (SignedCheckpoint.objects.count(), len(verifiers())) == (1, 1)
    sequence(signer)
    assert verify().count == 0


def test_a_checkpoint_of_a_stranger_is_found(cast, signer, tmp_path):
    walks.a_draft(cast)
    sequence(signer)
    stranger = create_signing_key(tmp_path / "second", "tests.invalid/ledger")
    tree = tree_as_signed()
    now = datetime.now(UTC).replace(microsecond=0)
    note = stranger.sign(Checkpoint(stranger.name, tree.size, tree.root(), now).text())
    _as_owner("DELETE FROM audit_signedcheckpoint")
    SignedCheckpoint.objects.create(size=tree.size, note=note, at=now)
    assert "No known key" in verify().wrong[0]


def test_tiles_make_the_same_tree_as_all_leaves_at_once():
    stored: dict[tuple[int, int], bytes] = {}
    hashes: list[bytes] = []
    tree = Tree(0, lambda level, number: stored.get((level, number), b""))
    for number in range(1100):
        hashes.append(leaf_hash(str(number).encode()))
        tree.append(hashes[-1])
        if number % 97 == 0 or number in (255, 256, 511, 1023):
            stored.update(tree.tiles)
            tree = Tree(tree.size, lambda level, number: stored.get((level, number), b""))
            assert tree.root() == _plainly(hashes)
            assert tree.root(number // 2) == _plainly(hashes[: number // 2])


def _plainly(hashes: list[bytes]) -> bytes:
    from hashlib import sha256

    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha256(b"\x01" + _plainly(hashes[:k]) + _plainly(hashes[k:])).digest()


class TestKeyFile:
    def test_it_reads_what_it_wrote_and_never_writes_over(self, tmp_path):
        made = create_signing_key(tmp_path / "key", "a/b")
        assert read_signing_key(tmp_path / "key").verifier == made.verifier
        with pytest.raises(NoteFault, match="already"):
            create_signing_key(tmp_path / "key", "a/b")
        assert repr(made) == "<signing key a/b>"

    @pytest.mark.parametrize(
        "text", ["", "x", "PRIVATE+KEY+a/b+00000000+AAAA", "PRIVATE+KEY+a b+0+0", "\xff" * 2000]
    )
    def test_what_is_damaged_is_said(self, tmp_path, text):
        path = tmp_path / "key"
        path.write_text(text)
        path.chmod(0o600)
        with pytest.raises(NoteFault, match="damaged"):
            read_signing_key(path)

    def test_others_may_not_read_it(self, tmp_path):
        create_signing_key(tmp_path / "key", "a/b")
        (tmp_path / "key").chmod(0o644)
        with pytest.raises(NoteFault, match="chmod 600"):
            read_signing_key(tmp_path / "key")

    def test_a_missing_one_says_how_to_make_it(self, tmp_path):
        with pytest.raises(NoteFault, match="create-key"):
            read_signing_key(tmp_path / "key")


def _as_owner(sql: str) -> None:
    """As the owner of the tables can: past every trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")
