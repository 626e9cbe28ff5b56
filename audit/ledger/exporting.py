"""Writes the ledger into a folder that the one-file verifier reads anywhere (docs/verifying.md)."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import transaction

from audit.ledger.sequencing import latest, verifiers
from audit.models import Leaf, SignedCheckpoint

Step = Callable[[int], None]


def export(folder: Path, *, step: Step = lambda _done: None) -> int:
    """Write leaves, checkpoints and public keys; how many leaves there are.

    What is signed while this runs is left out. The folder must be new or empty: FileExistsError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty. Choose a new folder.")
    with transaction.atomic():
        newest = latest()
        size = newest.size if newest else 0
        _write(folder / "leaves.jsonl", _leaves(size), step)
        notes = SignedCheckpoint.objects.filter(size__lte=size).order_by("size")
        _write(folder / "checkpoints.jsonl", (json.dumps(each.note) for each in notes.iterator()))
        _write(folder / "keys.txt", (str(key) for key in verifiers()))
    return size


def _leaves(size: int) -> Iterator[str]:
    placed = Leaf.objects.filter(leaf_index__lt=size).order_by("leaf_index")
    return placed.values_list("body", flat=True).iterator(chunk_size=2000)


def _write(path: Path, lines: Iterator[str], step: Step = lambda _done: None) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        for done, line in enumerate(lines, start=1):
            out.write(line + "\n")
            step(done)
        out.flush()
        os.fsync(out.fileno())
