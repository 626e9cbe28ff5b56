"""Every row of evidence has its leaf; the sequencer places them; the whole verifies."""

import json
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from agencies.permissions import Permission
from audit.ledger.leaves import canonical
from audit.ledger.notes import Verifier, opened
from audit.ledger.proofs import NotSignedYet, consistency, receipt
from audit.ledger.sequencing import sequence
from audit.ledger.tree import Tree, leaf_hash
from audit.ledger.verifying import verify
from audit.ledger.verifying_rows import verify_live
from audit.models import AccessEntry, Event, Leaf, SignedCheckpoint
from requests_app.policies import REQUESTS
from tests import walks
from tests.patience import PATIENCE
from workflow.gateway import fetch_or_404

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.clause("P-RECORD", part=True)
def test_every_row_of_evidence_has_one_leaf_that_says_the_same(cast):
    case = walks.sent(cast)
    fetch_or_404(REQUESTS, cast.officer, Permission.TRIAGE, pk=case.pk)
    changes = Leaf.objects.filter(kind="change").values_list("entry", flat=True)
    entries = Leaf.objects.filter(kind="look").values_list("entry", flat=True)
    assert sorted(changes) == sorted(Event.objects.values_list("pk", flat=True))
    assert sorted(entries) == sorted(AccessEntry.objects.values_list("pk", flat=True))
    event = Event.objects.filter(move="informationrequest.send").get()
    body = Leaf.objects.get(kind="change", entry=event.pk).body
    said = json.loads(body)
    assert canonical(said) == body
    assert said["move"] == "informationrequest.send"
    assert (said["person"], said["case"]) == (str(cast.requester.user.pk), str(case.pk))
    assert said["version"] == case.version
    assert len(said["commit"]) == len(said["digest"]) == 64
    assert len(said["row"]) == 130


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
            go.wait(PATIENCE)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert inserted.wait(PATIENCE)
    walks.a_draft(cast)
    sequence(signer)
    go.set()
    thread.join(PATIENCE)
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


@pytest.mark.clause("ISA-3.3", part=True)
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
