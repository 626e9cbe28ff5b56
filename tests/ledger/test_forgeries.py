"""What a forger makes up, some of it with the stolen signing key, and never gets a yes for."""

import json
from typing import Any

import pytest

from tests.ledger import forging
from tests.ledger.test_commands import SIGNER, Say, held, say
from tests.ledger.test_notes import LEAVES

__all__ = ["say"]  # a fixture
BODIES = [forging.canonical(leaf) for leaf in LEAVES]


def parted(cut: int) -> dict[str, Any]:
    """Leaf 2 of three written anew, under a tree of four that seems to grow from the three.

    The root of three is the hash of 64 bytes. The proof parts them ``cut`` bytes later than where
    two hashes meet, which leaves room in the new tree for the hash of another leaf.
    """
    first, last = forging.tree(BODIES[:2]), forging.leaf(BODIES[2])
    anew = forging.canonical({**LEAVES[2], "person": "somebody else"})
    beside, rest = first + last[:cut], last[cut:]
    room = (forging.leaf(anew) + forging.leaf(BODIES[3]))[len(rest) :]
    root = forging.pair(beside, forging.pair(rest, room))
    note = SIGNER.checkpoint(4, root)
    return {
        "h": held(3),
        "c": {
            "consistency": 1,
            "first": held(3),
            "second": note,
            "proof": [forging.base(step) for step in (rest, room, beside)],
            "key": SIGNER.key,
        },
        "r": {
            "receipt": 1,
            "leaf": anew.decode(),
            "index": 2,
            "size": 4,
            "inclusion": [forging.base(step) for step in (forging.leaf(BODIES[3]), beside)],
            "checkpoint": note,
            "key": SIGNER.key,
        },
    }


def test_a_proof_of_other_than_hashes_rewrites_nothing(say: Say) -> None:
    files = parted(32)
    assert say("consistency", "c", "--held", "h", **files)[0] == 1
    code, said = say("receipt", "r", "--held", "h", "--consistency", "c", **files)
    assert (code, "is not a list of hashes" in said) == (1, True)


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_each_step_of_a_proof_is_a_hash(length: int, say: Say) -> None:
    ledger = forging.Ledger(BODIES, [], SIGNER)
    for command, name, file in (
        ("receipt", "inclusion", forging.receipt(ledger, 2, 7)),
        ("consistency", "proof", forging.consistency(ledger, 3, 7)),
    ):
        file[name][1] = forging.base(b"h" * length)
        code, said = say(command, "f", f=file)
        assert (code, "is not a list of hashes" in said) == (1, True)


def test_each_checkpoint_that_is_held_is_asked(say: Say) -> None:
    ledger = forging.Ledger(BODIES, [], SIGNER)
    files = {
        "r": forging.receipt(ledger, 17, 120),
        "c": forging.consistency(ledger, 50, 120),
        "h": held(120),
        "older": held(50),
        "other": SIGNER.checkpoint(120, b"f" * 32),
    }
    for command in (("receipt", "r", "--consistency", "c"), ("consistency", "c")):
        assert say(*command, "--held", "older", "--held", "h", **files)[0] == 0
        for two in (("h", "other"), ("other", "h")):
            assert say(*command, "--held", two[0], "--held", two[1], **files)[0] == 1
        assert say(*command, "--held", "", **files)[0] == 2  # a name that was left out is no yes


def test_without_a_held_checkpoint_it_says_what_the_yes_is_worth(say: Say) -> None:
    ledger = forging.Ledger(BODIES, [], SIGNER)
    files = {"r": forging.receipt(ledger, 17, 120), "c": forging.consistency(ledger, 50, 120)}
    for command in ("receipt", "r"), ("consistency", "c"):
        assert "You hold no checkpoint" in say(*command, **files)[1]
        assert "You hold no" not in say(*command, "--held", "h", h=held(120), **files)[1]


def test_nothing_in_a_receipt_is_there_twice(say: Say) -> None:
    good = json.dumps(forging.receipt(forging.Ledger(BODIES, [], SIGNER), 17, 120))
    other = json.dumps(BODIES[18].decode())
    assert say("receipt", "r", r=good)[0] == 0
    assert say("receipt", "r", r=good.replace('"leaf":', f'"leaf": {other}, "leaf":'))[0] == 2
