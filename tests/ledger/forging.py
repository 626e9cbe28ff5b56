"""A small ledger of invented leaves, made and bent without any code of the portal or the verifier.

The tree is the definition in RFC 6962, section 2.1, written down as it stands there.
"""

import base64
import hashlib
import json
import random
import uuid
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "portal.example/ledger"


def leaf(body: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + body).digest()


def pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below size."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def tree(bodies: Sequence[bytes]) -> bytes:
    """MTH(D[n])."""
    if not bodies:
        return hashlib.sha256(b"").digest()
    if len(bodies) == 1:
        return leaf(bodies[0])
    k = split(len(bodies))
    return pair(tree(bodies[:k]), tree(bodies[k:]))


def path(index: int, bodies: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(bodies) == 1:
        return []
    k = split(len(bodies))
    if index < k:
        return [*path(index, bodies[:k]), tree(bodies[k:])]
    return [*path(index - k, bodies[k:]), tree(bodies[:k])]


def proof(first: int, bodies: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n]); empty for the empty tree."""
    return subproof(first, bodies, outermost=True) if first else []


def subproof(first: int, bodies: Sequence[bytes], *, outermost: bool) -> list[bytes]:
    if first == len(bodies):
        return [] if outermost else [tree(bodies)]
    k = split(len(bodies))
    if first <= k:
        return [*subproof(first, bodies[:k], outermost=outermost), tree(bodies[k:])]
    return [*subproof(first - k, bodies[k:], outermost=False), tree(bodies[:k])]


def base(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


class Signer:
    """An Ed25519 key of C2SP signed-note: its name, id, verifier key, and notes signed with it."""

    def __init__(self, name: str = ORIGIN, seed: bytes = b"\x07" * 32) -> None:
        self.name, self.private = name, Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self.private.public_key()
        raw = b"\x01" + self.public.public_bytes_raw()
        self.known = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
        self.key = f"{name}+{self.known.hex()}+{base(raw)}"

    def sign(self, text: str) -> str:
        return f"{text}\n{self.line(text)}"

    def line(self, text: str) -> str:
        return f"— {self.name} {base(self.known + self.private.sign(text.encode()))}\n"

    def checkpoint(
        self, size: int, root: bytes, minute: int = 0, origin: str = "", previous: str = ""
    ) -> str:
        at = f"2026-11-23T{minute // 60 % 24:02}:{minute % 60:02}:00Z"
        return self.sign(f"{origin or self.name}\n{size}\n{base(root)}\nat {at}\n{previous}")


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def invented(draw: random.Random, number: int) -> dict[str, Any]:
    """The leaf of a change or of a look, of nobody."""

    def some_id() -> str:
        return str(uuid.UUID(int=draw.getrandbits(128)))

    day, hour, minute = 1 + number // 1440 % 28, number // 60 % 24, number % 60
    both = {
        "v": 1,
        "at": f"2026-11-{day:02}T{hour:02}:{minute:02}:07.000042Z",
        "entry": number + 1,
        "person": str(draw.randrange(1, 40)),
        "agency": str(draw.randrange(1, 9)),
        "case": draw.choice([some_id(), some_id(), None]),
        "thing": draw.choice(["decisions.decision", "requests_app.enquiry"]),
        "thing_id": some_id(),
    }
    if draw.random() < 0.5:
        return {**both, "kind": "look", "look": draw.choice(["opened", "refused"]), "may": "read"}
    return {
        **both,
        "kind": "change",
        "move": "decision.record",
        "before": draw.choice(["", "open"]),
        "after": draw.choice(["shared", "in_part", "withheld"]),
        "version": draw.randrange(1, 9),
        "digest": draw.randbytes(32).hex(),
        "row": draw.randbytes(32).hex(),
        "commit": draw.choice([draw.randbytes(32).hex(), ""]),
        "history": draw.choice([None, [number + 5, "2026-11-23T00:10:00.000042Z"]]),
        "details": draw.choice([{}, {"items": 3}, {"edition": "2026-1", "items": 2}]),
    }


def roots_of(bodies: Sequence[bytes], sizes: Sequence[int]) -> list[bytes]:
    """The roots of the first so many leaves; ``tree`` for many sizes at once, by levels."""
    known: dict[tuple[int, int], bytes] = {}

    def of(start: int, end: int) -> bytes:
        if end - start < 2:
            return tree(bodies[start:end])
        k = start + split(end - start)
        if (start, end) not in known:
            known[start, end] = pair(of(start, k), of(k, end))
        return known[start, end]

    return [of(0, size) for size in sizes]


class Ledger:
    """Leaves, and the sizes of which there are checkpoints."""

    def __init__(self, bodies: list[bytes], sizes: list[int], signer: Signer) -> None:
        self.bodies, self.signer = bodies, signer
        roots = roots_of(bodies, sizes)
        self.notes = [
            signer.checkpoint(size, root, minute)
            for minute, (size, root) in enumerate(zip(sizes, roots, strict=True))
        ]

    @property
    def leaves(self) -> bytes:
        return b"".join(body + b"\n" for body in self.bodies)

    @property
    def checkpoints(self) -> bytes:
        return b"".join(json.dumps(note).encode() + b"\n" for note in self.notes)


def naming(number: int, note: str) -> str:
    """The line by which a checkpoint names the one in ``note``; "" for none before it."""
    said, size = ("", "0") if not note else (note[: note.index("\n\n") + 1], note.split("\n")[1])
    return f"previous {number} {size} {base(hashlib.sha256(said.encode()).digest())}\n"


class Linked(Ledger):
    """One whose checkpoints each name the one before; not the ``older`` first of them."""

    def __init__(
        self, bodies: list[bytes], sizes: list[int], signer: Signer, older: int = 0
    ) -> None:
        super().__init__(bodies, sizes, signer)
        for number in range(older, len(sizes)):
            before = naming(number, self.notes[number - 1] if number else "")
            root = tree(bodies[: sizes[number]])
            self.notes[number] = signer.checkpoint(sizes[number], root, number, previous=before)


def receipt(ledger: Ledger, index: int, size: int, **other: Any) -> dict[str, Any]:
    bodies = ledger.bodies[:size]
    return {
        "receipt": 1,
        "leaf": bodies[index].decode(),
        "index": index,
        "size": size,
        "inclusion": [base(step) for step in path(index, bodies)],
        "checkpoint": ledger.signer.checkpoint(size, tree(bodies)),
        "key": ledger.signer.key,
        **other,
    }


def consistency(ledger: Ledger, first: int, second: int, **other: Any) -> dict[str, Any]:
    bodies = ledger.bodies[:second]
    return {
        "consistency": 1,
        "first": ledger.signer.checkpoint(first, tree(bodies[:first])),
        "second": ledger.signer.checkpoint(second, tree(bodies)),
        "proof": [base(step) for step in proof(first, bodies)],
        "key": ledger.signer.key,
        **other,
    }
