"""Gives the leaves their places in the tree and signs what it then looks like.

One sequencer at a time does this; others wait their turn, and one that is killed leaves the
tree as it was. Leaves are found by having no place yet, never by a number above the last: what
commits late would be lost.
"""

import logging
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from audit.ledger.leaves import is_filed_as
from audit.ledger.notes import (
    NOTHING_BEFORE,
    Checkpoint,
    NoteFault,
    Previous,
    Signer,
    Verifier,
    opened,
    signed_lines,
)
from audit.ledger.tree import Tree, leaf_hash
from audit.models import Leaf, SetAside, Signatory, SignedCheckpoint, Tile

log = logging.getLogger(__name__)
BATCH: Final = 4_000
PAUSE: Final = 0.5  # seconds between looks for new leaves
ONE_AT_A_TIME: Final = 5_802_063  # an advisory lock
LOOK: Final = "Run `manage.py ledger verify`, and find out who else writes to this database."


class LedgerFault(Exception):
    """The stored tree is not what was signed; nothing more is signed until somebody has looked."""


@dataclass(frozen=True)
class Sequenced:
    """What one round has done: how many leaves found their places, and what was then signed."""

    placed: int
    size: int
    root: bytes = b""


def sequence(
    signer: Signer, *, batch: int = BATCH, since: Sequenced | None = None
) -> Sequenced | None:
    """Place up to ``batch`` leaves and sign the tree; None while another sequencer is at it.

    Raises LedgerFault if the tree as stored is not the one that was signed last, or has not
    grown from the one of ``since``: the database alone would say that nothing was ever signed.
    """
    if not Leaf.objects.waiting().exists():
        return Sequenced(0, size())
    with transaction.atomic(durable=True):
        if not _is_our_turn():
            return None
        tree = tree_as_signed()
        sound = _sound_of(batch)
        first = tree.size
        try:
            if since and (first < since.size or tree.root(since.size) != since.root):
                raise LedgerFault(f"{since.size} leaves were signed, and they are gone. {LOOK}")
            _place(first, sound)
            for hashed in _read_back(first):
                tree.append(hashed)
        except ValueError as fault:
            raise LedgerFault(f"{fault} {LOOK}") from None
        if tree.size > first:
            _store(tree)
            _sign(tree, signer)
        return Sequenced(tree.size - first, tree.size, tree.root())


def latest() -> SignedCheckpoint | None:
    """The newest checkpoint, if there is one."""
    return SignedCheckpoint.objects.order_by("-size").first()


def size() -> int:
    """How many leaves are signed."""
    newest = latest()
    return newest.size if newest else 0


def verifiers() -> list[Verifier]:
    """The public keys of all who have signed, oldest first."""
    return [Verifier.parse(each.verifier) for each in Signatory.objects.all()]


def stored_tile(level: int, number: int) -> bytes:
    """The hashes of one tile; none where there is no such tile yet."""
    held = Tile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
    return bytes(held) if held is not None else b""


def tree_as_signed() -> Tree:
    """The stored tree, once its root is the one that was signed last; LedgerFault otherwise."""
    newest = latest()
    if newest is None:
        return Tree(0, stored_tile)
    tree = Tree(newest.size, stored_tile)
    try:
        signed = opened(newest.note, verifiers())
        same = (signed.size, signed.root) == (newest.size, tree.root())
    except (NoteFault, ValueError) as fault:
        raise LedgerFault(f"The last checkpoint does not hold: {fault} {LOOK}") from None
    if not same:
        raise LedgerFault(f"The stored tree is not the one that was signed last. {LOOK}")
    return tree


def _is_our_turn() -> bool:
    if connection.vendor != "postgresql":
        return True  # there, a transaction that writes is alone from its beginning
    # A row that nobody else may lock: an advisory lock is anybody's who can connect.
    first = Tile.objects.filter(level=0, number=0)
    if first.exists():
        return first.select_for_update(skip_locked=True).first() is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        taken: bool = cursor.fetchone()[0]
    return taken


def _sound_of(batch: int) -> list[int]:
    """The next leaves by their ids; those among them that are none are set aside (M3).

    What was signed cannot be taken back: one that no reader takes would have the whole ledger
    refused from then on.
    """
    some = Leaf.objects.waiting().order_by("id").values_list("id", "kind", "entry", "body")[:batch]
    sound: list[int] = []
    others: list[int] = []
    for pk, kind, entry, body in some:
        (sound if is_filed_as(kind, entry, body) else others).append(pk)
    now = timezone.now()
    SetAside.objects.bulk_create([SetAside(leaf_id=pk, at=now) for pk in others])
    for pk in others:
        log.critical("leaf %s of the ledger is none, and was set aside", pk)
    return sound


def _place(first: int, sound: list[int]) -> None:
    if not sound:
        return
    table, those = Leaf._meta.db_table, ", ".join(["%s"] * len(sound))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET leaf_index = place.at FROM ("  # noqa: S608 - our own table
            f" SELECT id, %s - 1 + row_number() OVER (ORDER BY id) AS at FROM {table}"
            f" WHERE id IN ({those}) AND leaf_index IS NULL"
            f") AS place WHERE {table}.id = place.id AND {table}.leaf_index IS NULL",
            [first, *sound],
        )


def _read_back(first: int) -> Any:
    """The hashes of what is now in the database, in order and without a gap."""
    placed = Leaf.objects.filter(leaf_index__gte=first).order_by("leaf_index")
    expected = first
    for index, body in placed.values_list("leaf_index", "body").iterator(chunk_size=2000):
        if index != expected:
            raise LedgerFault(f"Leaf {index} of the ledger stands where {expected} belongs. {LOOK}")
        expected += 1
        yield leaf_hash(body.encode())


def _store(tree: Tree) -> None:
    Tile.objects.bulk_create(
        [
            Tile(level=level, number=number, hashes=tree.tiles[level, number])
            for level, number in sorted(tree.changed)
        ],
        update_conflicts=True,
        unique_fields=["level", "number"],
        update_fields=["hashes"],
    )


def _sign(tree: Tree, signer: Signer) -> None:
    before = latest()
    if before and (name := before.note.partition("\n")[0]) != signer.name:
        raise LedgerFault(
            f"The signing key is of {signer.name}, the ledger is {name}, and keeps its name: "
            f"checked from outside it would be two. Set LEDGER_NAME to {name}, and make a new key."
        )
    Signatory.objects.get_or_create(verifier=str(signer.verifier))
    now = timezone.now().replace(microsecond=0)
    said = Checkpoint(signer.name, tree.size, tree.root(), now, _previous(before))
    note = signer.sign(said.text())
    SignedCheckpoint(size=tree.size, note=note, at=now).save(force_insert=True)


def _previous(newest: SignedCheckpoint | None) -> Previous:
    """The newest checkpoint as the next one names it: taken out after that, it is missed."""
    if newest is None:
        return NOTHING_BEFORE
    before = Checkpoint.parse(signed_lines(newest.note)).previous
    # Those from before that was said are counted once; after that, each counts one on.
    number = before.number + 1 if before else SignedCheckpoint.objects.count()
    return Previous.of(number, newest.size, newest.note)
