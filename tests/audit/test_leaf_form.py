"""What a leaf is inside it is outside too: the portal and the one-file verifier refuse the same."""

import json

import pytest
from django.db import connection

from audit.ledger.leaves import canonical, read
from audit.ledger.live import verify_live
from audit.ledger.sequencing import sequence
from audit.ledger.verifying import verify
from audit.models import Leaf
from tests import walks
from tests.ledger.test_notes import LEAVES, spelt_otherwise
from tests.ledger.verifier import verify as outside

CHANGE = next(leaf for leaf in LEAVES if leaf["kind"] == "change")
WRONG = {
    "a name more": {"more": 1},
    "another edition": {"v": 2},
    "a truth for a number": {"v": True},
    "a number for a text": {"thing": 7},
    "another kind": {"kind": "other"},
    "a kind of leaf that is no text": {"kind": ["change"]},
    "a day without a time": {"at": "2026-11-23"},
    "a case that is none": {"case": "R-1234"},
    "no fingerprint": {"row": "xyz"},
    "a number without end": {"version": 10**18},
    "a number below nought": {"version": -1},
    "no time of history": {"history": [7]},
    "too much of history": {"history": [7, "2026", 8]},
    "details of another kind": {"details": ["end"]},
    "no details": {"details": None},
    "a fraction": {"details": {"end": 1.5}},
    "what is no number": {"details": {"end": float("nan")}},
}


def test_leaves_read_as_they_are_written():
    for leaf in LEAVES:
        assert read(canonical(leaf)) == leaf


def test_another_spelling_is_no_leaf():
    for leaf in LEAVES:
        for other in spelt_otherwise(canonical(leaf)):
            assert read(other) is None, other


@pytest.mark.parametrize("how", WRONG)
def test_what_is_no_leaf_outside_is_none_inside(how):
    text = canonical({**CHANGE, **WRONG[how]})
    assert not outside.is_leaf(text)
    assert read(text) is None


def test_a_name_too_few_and_nests_without_end_are_no_leaf():
    for name in CHANGE:
        assert read(canonical({key: said for key, said in CHANGE.items() if key != name})) is None
    deep = "[" * 100_000
    assert read(canonical(CHANGE).replace('"details":{', '"details":{"a":' + deep)) is None


@pytest.mark.django_db(transaction=True)
def test_a_leaf_that_is_none_is_found_though_it_was_signed(cast, signer):
    walks.a_draft(cast)
    last = Leaf.objects.latest("pk")
    spaced = json.dumps(json.loads(last.body), sort_keys=True)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE audit_leaf SET body = %s WHERE id = %s", [spaced, last.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    sequence(signer)
    place = Leaf.objects.get(pk=last.pk).leaf_index
    assert verify().wrong == [f"Leaf {place} of the ledger is none: it is not in form."]
    assert any(f"Leaf {last.pk} " in line for line in verify_live().wrong)
