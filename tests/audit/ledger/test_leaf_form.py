"""What is no leaf is found inside as outside, though it was signed; both read by the same form."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.ledger.leaves import LeafFault, read
from audit.ledger.sequencing import sequence
from audit.ledger.verifying import verify
from audit.ledger.verifying_rows import verify_live
from audit.models import Leaf, SetAside
from tests import walks
from tests.audit.owner import UNSIGNED, as_owner
from tests.ledger.damaging import DAMAGED, DEEPEST, detailed, nested, plain
from tests.ledger.test_notes import LEAVES, spelt_otherwise
from tests.ledger.verifier import verify as one_file


def is_leaf(text: str) -> bool:
    """What the portal's own reader says."""
    try:
        return plain(read(text)) == text
    except LeafFault:
        return False


@pytest.mark.clause("P-RECORD", part=True)
@pytest.mark.django_db(transaction=True)
def test_what_is_no_leaf_is_found_though_it_was_signed(cast, signer, outside, monkeypatch):
    """By a sequencer that signs whatever it finds, as one did that somebody else wrote."""
    monkeypatch.setattr("audit.ledger.sequencing.is_filed_as", lambda *_said: True)
    walks.a_draft(cast)
    sequence(signer)
    assert (verify().wrong, verify_live().wrong) == ([], [])
    assert outside(signer)[0] == 0
    one = Leaf.objects.filter(kind="change").order_by("leaf_index")[3]
    for name, damage in DAMAGED.items():
        as_owner(UNSIGNED)
        as_owner(
            "UPDATE audit_leaf SET body = %s WHERE id = %s", damage(json.loads(one.body)), one.pk
        )
        sequence(signer)
        place = Leaf.objects.get(pk=one.pk).leaf_index
        none = "of the ledger is not a leaf in canonical JSON."
        assert verify().wrong == [f"Leaf {place} {none}"], name
        assert f"Leaf {one.pk} {none}" in verify_live().wrong, name
        code, said = outside(signer)
        assert (code, f"leaves.jsonl, line {place + 1}," in said) == (1, True), name
    for what in ("verify", "verify-live"):
        with pytest.raises(CommandError, match="NOT as it was recorded"):
            call_command("ledger", what)


@pytest.mark.django_db(transaction=True)
def test_what_is_no_leaf_is_never_signed(cast, signer):
    walks.a_draft(cast)
    one = json.loads(Leaf.objects.filter(kind="change").order_by("pk")[3].body)
    for number, damage in enumerate(DAMAGED.values(), 10**9):
        # As the owner: whoever else puts such a one there is refused by the table itself.
        Leaf.objects.create(kind="change", entry=number, body=damage({**one, "entry": number}))
    sequence(signer)
    assert SetAside.objects.count() == len(DAMAGED)
    found = verify()
    assert (found.wrong, found.set_aside, found.waiting) == ([], len(DAMAGED), 0)


@pytest.mark.parametrize("kind", ["change", "look"])
def test_inside_and_outside_take_the_same_for_a_leaf(kind: str) -> None:
    """Values of every sort under every name, as the two readers see them."""
    values: list[Any] = [None, True, False, 0, 1, -1, 10**18 - 1, 10**18, 1.0, "", "a", "\x7f\n/"]
    values += ["2026-11-02T09:00:00.000000Z", "0" * 64, "0", [], {}, [1], {"a": None}, {"a": [{}]}]
    values += [[1, "2026-11-02T09:00:00.000000Z"], "00000000-0000-0000-0000-00000000000a"]
    leaf = next(each for each in LEAVES if each["kind"] == kind)
    taken = 0
    for name in leaf:
        for value in values:
            text = plain({**leaf, name: value})
            assert is_leaf(text) == one_file.is_leaf(text), text
            taken += is_leaf(text)
    assert taken > len(leaf), "some are leaves"


def test_inside_and_outside_know_one_spelling() -> None:
    for leaf in LEAVES:
        text = plain(leaf)
        assert is_leaf(text)
        assert one_file.is_leaf(text)
        assert not [other for other in spelt_otherwise(text) if is_leaf(other)]


def test_inside_and_outside_find_the_same_damage() -> None:
    leaf = next(each for each in LEAVES if each["kind"] == "change")
    for name, damage in DAMAGED.items():
        assert not is_leaf(damage(leaf)), name
        if not name.startswith("longer"):  # how long a line may be is asked where lines are read
            assert not one_file.is_leaf(damage(leaf)), name


def test_details_may_be_so_deep_and_no_deeper() -> None:
    leaf = next(each for each in LEAVES if each["kind"] == "change")
    for levels in range(1, DEEPEST + 4):
        text = detailed(nested(levels))(leaf) if levels > 1 else plain({**leaf, "details": {}})
        assert is_leaf(text) == one_file.is_leaf(text) == (levels <= DEEPEST), levels
