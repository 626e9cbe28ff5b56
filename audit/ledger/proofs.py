"""Proofs to keep: receipts of one leaf, and that one checkpoint grew from another."""

import json
from base64 import b64encode
from typing import Any

from audit.ledger.notes import NoteFault, Verifier, opened
from audit.ledger.sequencing import latest, stored_tile, verifiers
from audit.ledger.tree import Tree
from audit.models import Leaf, SignedCheckpoint


class NotSignedYet(Exception):
    """The leaf has no place in a signed tree so far; it has one within seconds."""


class NotThere(Exception):
    """There is no such entry, or no such checkpoint."""


def receipt(event: int) -> dict[str, Any]:
    """What shows anybody that this change is in the ledger (docs/verifying.md).

    Raises NotSignedYet, NotThere.
    """
    leaf = Leaf.objects.filter(kind=Leaf.Kind.CHANGE, entry=event).first()
    if leaf is None:
        raise NotThere
    newest = latest()
    if leaf.leaf_index is None or newest is None or newest.size <= leaf.leaf_index:
        raise NotSignedYet
    tree = Tree(newest.size, stored_tile)
    return {
        "receipt": 1,
        "leaf": leaf.body,
        "index": leaf.leaf_index,
        "size": newest.size,
        "inclusion": _encoded(tree.inclusion(leaf.leaf_index)),
        "checkpoint": newest.note,
        "key": str(signer_of(newest)),
    }


def consistency(first_size: int, second_size: int) -> dict[str, Any]:
    """What shows anybody that the first checkpoint's leaves are the beginning of the second's.

    Raises NotThere where no checkpoint has one of these sizes, or the first is the larger one.
    """
    signed = SignedCheckpoint.objects.in_bulk([first_size, second_size])
    first, second = signed.get(first_size), signed.get(second_size)
    if first is None or second is None or first.size > second.size:
        raise NotThere
    tree = Tree(second.size, stored_tile)
    return {
        "consistency": 1,
        "first": first.note,
        "second": second.note,
        "proof": _encoded(tree.consistency(first.size)),
        "key": str(signer_of(second)),
    }


def signer_of(checkpoint: SignedCheckpoint) -> Verifier:
    """The public key that signed it; NoteFault where none that is known has."""
    for key in verifiers():
        try:
            opened(checkpoint.note, [key])
        except NoteFault:
            continue
        return key
    raise NoteFault("No known key has signed this checkpoint.")


def as_file(proof: dict[str, Any]) -> str:
    """A proof as the file that the verifier reads."""
    return json.dumps(proof, indent=2) + "\n"


def _encoded(hashes: list[bytes]) -> list[str]:
    return [b64encode(each).decode() for each in hashes]
