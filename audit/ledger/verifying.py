"""Holds the whole stored ledger against what was signed. Finds; never mends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Max

from audit.ledger.findings import Findings, Step
from audit.ledger.notes import (
    NOTHING_BEFORE,
    Checkpoint,
    NoteFault,
    Previous,
    Verifier,
    is_as_signed,
    opened,
)
from audit.ledger.reading import hold_set_aside, in_bulk, of_one_moment, read_or_say
from audit.ledger.sequencing import stored_tile, verifiers
from audit.ledger.tree import HASH, WIDTH, Tree, leaf_hash
from audit.models import AccessEntry, Event, Leaf, SignedCheckpoint, Tile


def verify(*, keys: Sequence[Verifier] = (), step: Step = lambda _done: None) -> Findings:
    """Every leaf in form and in its place, every tile, every checkpoint with its signature.

    ``keys`` are those in which the asker believes. Without them it is those that the database
    names, and whoever owns it could have named another and signed all of it anew.
    """
    with of_one_moment():
        return _held(list(keys) or verifiers(), step)


def _held(known: list[Verifier], step: Step) -> Findings:
    found = Findings()
    signed = list(SignedCheckpoint.objects.order_by("size"))
    tree = Tree(0, lambda _level, _number: b"")
    row = _Row()
    awaited = iter(signed)
    checkpoint = next(awaited, None)
    for body in _placed_bodies(found):
        tree.append(leaf_hash(body.encode()))
        step(tree.size)
        while checkpoint is not None and checkpoint.size <= tree.size:
            _hold_checkpoint(checkpoint, tree, known, row, found)
            checkpoint = next(awaited, None)
        _forget_full_tiles(tree, found)
    found.leaves = tree.size
    while checkpoint is not None:
        _hold_checkpoint(checkpoint, tree, known, row, found)
        checkpoint = next(awaited, None)
    if tree.size and (not signed or signed[-1].size != tree.size):
        found.add(f"{tree.size} leaves have places, and no checkpoint was signed of them.")
    for place in tree.tiles:
        _hold_tile(place, tree, found)
    _look_for_strangers(tree, found)
    count_waiting(found)
    hold_set_aside(found)
    return found


def _placed_bodies(found: Findings) -> Iterator[str]:
    placed = Leaf.objects.exclude(leaf_index=None).order_by("leaf_index")
    expected = 0
    for index, body in placed.values_list("leaf_index", "body").iterator(chunk_size=2000):
        if index is not None and index != expected:
            found.add(f"Leaves {expected} to {index - 1} of the ledger are missing.")
            expected = index
        read_or_say(body, f"Leaf {expected}", found)
        expected += 1
        yield body


@dataclass
class _Row:
    """The checkpoint that was read last, as the next one should name it."""

    last: Previous = NOTHING_BEFORE
    linked: bool = False

    def hold(self, said: Checkpoint | None, stored: SignedCheckpoint, found: Findings) -> None:
        """Say where one was taken out or put in; ``said`` is None where the note does not hold."""
        names = said.previous if said else None
        if said and (names or self.linked) and names != self.last:
            found.add(_gap(names, self.last, said.size))
        number = (names or self.last).number + 1
        self.last = Previous.of(number, stored.size, stored.note)
        self.linked = self.linked or names is not None


def _gap(names: Previous | None, last: Previous, size: int) -> str:
    if names is None:
        return f"The checkpoint of {size} leaves does not say which came before it."
    if (many := names.number - last.number) > 0:
        those = f"Checkpoints that are missing before that of {size} leaves: {many},"
        if (names.size, names.hashed) == (last.size, last.hashed):
            return f"{those} among the oldest, which do not say which came before them."
        return f"{those} the last of them of {names.size} leaves."
    return (
        f"Before the checkpoint of {size} leaves belongs number {names.number}, of {names.size} "
        f"leaves; there stands number {last.number}, of {last.size} leaves."
    )


def _hold_checkpoint(
    checkpoint: SignedCheckpoint, tree: Tree, known: list[Verifier], row: _Row, found: Findings
) -> None:
    found.checkpoints += 1
    try:
        said = opened(checkpoint.note, known)
        in_form = is_as_signed(checkpoint.note, said)
    except NoteFault as fault:
        found.add(f"The checkpoint of {checkpoint.size} leaves does not hold: {fault}")
        row.hold(None, checkpoint, found)
        return
    row.hold(said, checkpoint, found)
    if checkpoint.size > tree.size:
        found.add(f"The checkpoint of {checkpoint.size} leaves has only {tree.size} below it.")
    elif said.size != checkpoint.size or said.at != checkpoint.at:
        found.add(f"The checkpoint of {checkpoint.size} leaves is that of {said.size}.")
    elif not in_form:
        found.add(f"The checkpoint of {checkpoint.size} leaves is not written as it was signed.")
    elif said.root != tree.root():
        found.add(f"The first {checkpoint.size} leaves are not those that were signed.")


def _forget_full_tiles(tree: Tree, found: Findings) -> None:
    """Hold full tiles against the stored ones as they fill, so that few are ever in memory."""
    if tree.size % WIDTH:
        return
    full = [place for place, held in tree.tiles.items() if len(held) == WIDTH * HASH]
    for place in full:
        _hold_tile(place, tree, found)
        del tree.tiles[place]


def _hold_tile(place: tuple[int, int], tree: Tree, found: Findings) -> None:
    if tree.tiles[place] and stored_tile(*place) != tree.tiles[place]:
        found.add(f"Tile {place[0]}/{place[1]} of the ledger is not what its leaves make of it.")


def _look_for_strangers(tree: Tree, found: Findings) -> None:
    for row in Tile.objects.values("level").annotate(last=Max("number")):
        if row["last"] > max(tree.size - 1, 0) >> (8 * (row["level"] + 1)) or not tree.size:
            found.add(f"Tile {row['level']}/{row['last']} of the ledger has no leaves below it.")


def count_waiting(found: Findings) -> None:
    """How many leaves have no place yet, and since when."""
    waiting = Leaf.objects.waiting()
    found.waiting = waiting.count()
    oldest = waiting.order_by("id").first()
    if oldest is not None:
        table = Event if oldest.kind == Leaf.Kind.CHANGE else AccessEntry
        entry = in_bulk(table._default_manager.all(), [oldest.entry]).get(oldest.entry)
        found.oldest_waiting = entry.at if entry else None
