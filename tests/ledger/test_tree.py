"""The tree: published answers, and every pair of sizes against the definition in RFC 6962."""

import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.ledger import forging
from tests.ledger.verifier import verify

KNOWN: dict[str, Any] = json.loads((Path(__file__).parent / "vectors.json").read_text())["tree"]
LEAVES = [bytes.fromhex(each) for each in KNOWN["leaves"]]
ROOTS = [bytes.fromhex(each) for each in KNOWN["roots"]]
BODIES = [b"leaf %d" % number for number in range(20)]
JUNK = bytes.fromhex("abacaba000000000000000000000000000000000000000000060061e00123456")


def hashes(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


def grown(bodies: list[bytes]) -> Any:
    frontier = verify.Frontier()
    for body in bodies:
        frontier.add(body)
    return frontier


def test_published_hashes() -> None:
    one, two = KNOWN["leaf"], KNOWN["node"]
    assert grown([bytes.fromhex(one["body"])]).root().hex() == one["hash"]
    left, right = hashes([two["left"], two["right"]])
    assert verify.node(left, right).hex() == two["hash"]


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    assert grown(LEAVES[:size]).root() == ROOTS[size] == forging.tree(LEAVES[:size])


@pytest.mark.parametrize("known", KNOWN["inclusion"])
def test_published_inclusion(known: dict[str, Any]) -> None:
    index, size, proof = known["index"], known["size"], hashes(known["proof"])
    assert forging.path(index, LEAVES[:size]) == proof
    assert verify.included(LEAVES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize("known", KNOWN["consistency"])
def test_published_consistency(known: dict[str, Any]) -> None:
    first, second, proof = known["first"], known["second"], hashes(known["proof"])
    assert forging.proof(first, LEAVES[:second]) == proof
    assert verify.consistent(first, second, ROOTS[first], ROOTS[second], proof)


def bent(proof: list[bytes], *more: bytes) -> list[list[bytes]]:
    """Proofs that are nearly this one: longer, shorter, turned round, one bit off."""
    ways = [[*proof, each] for each in (b"", JUNK, *more)]
    ways += [[each, *proof] for each in (b"", JUNK, *more)]
    ways += [proof[:-1], proof[1:], []] + ([proof[::-1]] if len(set(proof)) > 1 else [])
    for place, step in enumerate(proof):
        ways.append([*proof[:place], bytes([step[0] ^ 8]) + step[1:], *proof[place + 1 :]])
    return [way for way in ways if way != proof]


@pytest.mark.parametrize("size", range(1, 21))
def test_inclusion_of_every_leaf(size: int) -> None:
    bodies = BODIES[:size]
    root = forging.tree(bodies)
    for index in range(size):
        proof = forging.path(index, bodies)
        assert verify.included(bodies[index], index, size, proof, root)
        for other in range(-1, size + 2):
            if other != index:
                assert not verify.included(bodies[index], other, size, proof, root)
        for wrong in (size * 2, size // 2, 0, -1):
            if wrong <= index or not same_way(index, wrong, size):
                assert not verify.included(bodies[index], index, wrong, proof, root)
        assert not verify.included(b"other", index, size, proof, root)
        assert not verify.included(bodies[index], index, size, proof, JUNK)
        for way in bent(proof, root):
            assert not verify.included(bodies[index], index, size, way, root)


def same_way(index: int, size: int, other: int) -> bool:
    """Whether a leaf is reached by the same turns in two trees: a proof then fits both sizes."""

    def turns(index: int, size: int) -> list[bool]:
        if size == 1:
            return []
        k = forging.split(size)
        return [*turns(index, k), True] if index < k else [*turns(index - k, size - k), False]

    return turns(index, size) == turns(index, other)


@pytest.mark.parametrize("second", range(21))
def test_consistency_of_every_pair(second: int) -> None:
    bodies = BODIES[:second]
    new = forging.tree(bodies)
    for first in range(second + 1):
        old, proof = forging.tree(bodies[:first]), forging.proof(first, bodies)
        assert verify.consistent(first, second, old, new, proof)
        assert not verify.consistent(first, second, JUNK, new, proof)
        assert first == 0 or not verify.consistent(first, second, old, JUNK, proof)
        for way in bent(proof, old, new):
            assert not verify.consistent(first, second, old, new, way)
        if first < second:
            assert not verify.consistent(second, first, new, old, proof)
            assert first == 0 or not verify.consistent(first - 1, second, old, new, proof)
            assert first == 0 or old == new or not verify.consistent(first, second, new, old, proof)


def test_a_tree_that_was_written_anew_is_not_consistent() -> None:
    draw = random.Random(4)  # noqa: S311 - a test that can be run again
    for _ in range(300):
        second = draw.randrange(2, 21)
        first = draw.randrange(1, second)
        bodies = BODIES[:second]
        old = forging.tree(bodies[:first])
        bodies[draw.randrange(first)] = b"changed"
        for proof in (forging.proof(first, bodies), forging.proof(first, BODIES[:second])):
            assert not verify.consistent(first, second, old, forging.tree(bodies), proof)


def test_the_frontier_stays_small() -> None:
    frontier = grown([b"%d" % number for number in range(5000)])
    assert len(frontier.peaks) == (5000).bit_count()
    assert frontier.root() == forging.tree([b"%d" % number for number in range(5000)])


def test_no_leaf_passes_for_a_node() -> None:
    left, right = (hashlib.sha256(b"\x00" + body).digest() for body in (b"a", b"b"))
    assert grown([left + right]).root() != grown([b"a", b"b"]).root()
