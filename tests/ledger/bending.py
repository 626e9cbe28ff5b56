"""Ways to tamper with an exported ledger, each drawn at random: files in, files out."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.ledger.forging import Ledger, Signer, base, canonical, invented, roots_of

OTHER = Signer(seed=b"\x09" * 32)  # a key of the same name, which nobody trusts
PRETENDER = Signer(seed=b"\x0a" * 32)  # the same, under the id of the key that is trusted

Lines = list[bytes]


@dataclass
class Case:
    """The untouched ledger, the number of leaves of the old checkpoint that a partner holds."""

    ledger: Ledger
    sizes: list[int]
    held: int

    @property
    def untouched(self) -> tuple[bytes, bytes]:
        return self.ledger.leaves, self.ledger.checkpoints


Bent = tuple[bytes, bytes]
Bend = Callable[[random.Random, Case], Bent]


def lines(bodies: Lines) -> bytes:
    return b"".join(body + b"\n" for body in bodies)


def noted(notes: list[str]) -> bytes:
    return lines([json.dumps(note).encode() for note in notes])


# What is done to the leaves: always to one that stands before `below`.


def one_byte(draw: random.Random, text: bytes) -> bytes:
    place = draw.randrange(len(text))
    return text[:place] + bytes([text[place] ^ draw.randrange(1, 256)]) + text[place + 1 :]


def changed(draw: random.Random, bodies: Lines, below: int) -> Lines:
    """One field of one leaf says something else, and the leaf is still in form."""
    place = draw.randrange(below)
    leaf = json.loads(bodies[place])
    name = draw.choice(["person", "agency", "thing_id", "entry", "at", "case"])
    if name == "entry":
        leaf[name] += draw.randrange(1, 99)
    elif name == "at":
        leaf[name] = "2026-12-24" + leaf[name][10:]
    elif name == "case":
        leaf[name] = f"{draw.getrandbits(32):08x}-0000-4000-8000-000000000000"
    else:
        leaf[name] += str(draw.randrange(10))
    return [*bodies[:place], canonical(leaf), *bodies[place + 1 :]]


def deleted(draw: random.Random, bodies: Lines, below: int) -> Lines:
    place = draw.randrange(below)
    return bodies[:place] + bodies[place + draw.randrange(1, 4) :]


def inserted(draw: random.Random, bodies: Lines, below: int) -> Lines:
    place = draw.randrange(below)
    return [*bodies[:place], canonical(invented(draw, 90_000 + place)), *bodies[place:]]


def doubled(draw: random.Random, bodies: Lines, below: int) -> Lines:
    place = draw.randrange(below - 1)  # the second of the two stands one further on
    return bodies[: place + 1] + bodies[place:]


def reordered(draw: random.Random, bodies: Lines, below: int) -> Lines:
    one = draw.randrange(below)
    two = draw.choice([place for place in range(len(bodies)) if place != one])
    bodies = list(bodies)
    bodies[one], bodies[two] = bodies[two], bodies[one]
    return bodies


def cut_short(draw: random.Random, bodies: Lines, below: int) -> Lines:
    return bodies[: draw.randrange(below)]


TO_LEAVES = (changed, deleted, inserted, doubled, reordered, cut_short)


def plain(way: Callable[[random.Random, Lines, int], Lines]) -> Bend:
    """Only the leaves are touched, anywhere."""

    def bend(draw: random.Random, case: Case) -> Bent:
        bodies = case.ledger.bodies
        return lines(way(draw, bodies, len(bodies))), case.ledger.checkpoints

    return bend


def forked(way: Callable[[random.Random, Lines, int], Lines], by: Signer | None = None) -> Bend:
    """Leaves are touched, and later checkpoints, or all, are made and signed again.

    With the stolen key (by=None) below the size that the partner holds; with another key anywhere.
    At least the last is signed again: cut back to an old checkpoint that is left as it was, a
    ledger is what it once was, which only a newer held checkpoint can show.
    """

    def bend(draw: random.Random, case: Case) -> Bent:
        old = case.ledger.bodies
        below = case.held if by is None else len(old)
        bodies = way(draw, old, below)
        both = enumerate(zip(old, bodies, strict=False))
        same = next((place for place, (one, two) in both if one != two), len(bodies))
        sizes = [size for size in case.sizes if size <= len(bodies)]
        if not sizes or sizes[-1] < len(bodies):
            sizes.append(len(bodies))
        signer, kept = by or case.ledger.signer, case.ledger.notes
        everything = draw.random() < 0.5
        notes = [
            kept[minute]
            if not everything and size <= same and size != sizes[-1]
            else signer.checkpoint(size, root, minute)
            for minute, (size, root) in enumerate(zip(sizes, roots_of(bodies, sizes), strict=True))
        ]
        return lines(bodies), noted(notes)

    return bend


# What is done to the files as they are, or to the checkpoints.


def byte_of_leaves(draw: random.Random, case: Case) -> Bent:
    return one_byte(draw, case.ledger.leaves), case.ledger.checkpoints


def byte_of_checkpoints(draw: random.Random, case: Case) -> Bent:
    return case.ledger.leaves, one_byte(draw, case.ledger.checkpoints)


def leaves_broken_off(draw: random.Random, case: Case) -> Bent:
    return case.ledger.leaves[: draw.randrange(len(case.ledger.leaves))], case.ledger.checkpoints


def checkpoints_broken_off(draw: random.Random, case: Case) -> Bent:
    return case.ledger.leaves, case.ledger.checkpoints[
        : draw.randrange(len(case.ledger.checkpoints))
    ]


def rolled_back(draw: random.Random, case: Case) -> Bent:
    """Leaves and checkpoints end, neatly, before what the partner holds."""
    until = draw.randrange(case.sizes.index(case.held))
    bodies, notes = case.ledger.bodies[: case.sizes[until]], case.ledger.notes[: until + 1]
    return lines(bodies), noted(notes)


def checkpoints_reordered(draw: random.Random, case: Case) -> Bent:
    notes = list(case.ledger.notes)
    one, two = draw.sample(range(len(notes)), 2)
    notes[one], notes[two] = notes[two], notes[one]
    return case.ledger.leaves, noted(notes)


def checkpoint_rewritten(draw: random.Random, case: Case) -> Bent:
    """Another size, root, time or name over the old signature."""
    notes = list(case.ledger.notes)
    place = draw.randrange(len(notes))
    rows = notes[place].split("\n")
    which = draw.randrange(4)
    new = ("other.example", str(draw.randrange(999)), base(draw.randbytes(32)), "at 2027-01-01")
    rows[which] = new[which]
    notes[place] = "\n".join(rows)
    return case.ledger.leaves, noted(notes)


PRETENDER.known = Signer().known

WITHOUT_THE_KEY: dict[str, Bend] = {
    **{way.__name__: plain(way) for way in TO_LEAVES},
    **{f"{way.__name__}, other key": forked(way, OTHER) for way in TO_LEAVES},
    **{f"{way.__name__}, false signature": forked(way, PRETENDER) for way in TO_LEAVES},
    **{
        bend.__name__: bend
        for bend in (
            *(byte_of_leaves, byte_of_checkpoints, leaves_broken_off, checkpoints_broken_off),
            *(rolled_back, checkpoints_reordered, checkpoint_rewritten),
        )
    },
}
WITH_THE_KEY: dict[str, Bend] = {f"{way.__name__}, stolen key": forked(way) for way in TO_LEAVES}
EVERY_WAY = WITHOUT_THE_KEY | WITH_THE_KEY
