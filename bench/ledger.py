"""What the ledger costs those who write, how far behind it is, and how fast it is checked."""

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing import get_context
from pathlib import Path

from bench import writers
from bench.figures import Figure, show

SECONDS = 6.0
LEAVES = 2_000_000
ROOT = Path(__file__).resolve().parents[1]


def main(*, leaves: int = LEAVES) -> bool:
    """Both measurements; whether every bound is kept."""
    return all([show("Eight writers", _writing()), show("Checked from outside", _checking(leaves))])


def _writing() -> list[Figure]:
    link = writers.connect()
    with link, link.cursor() as cursor:
        cursor.execute(writers.TABLES)
    without = writers.rate(writers.plain, SECONDS)
    with _Sequencer() as sequencer:
        ledger = writers.rate(writers.with_leaf, SECONDS)
        with writers.one_slow(writers.with_leaf):
            ledger_slow = writers.rate(writers.with_leaf, SECONDS)
        lag = sequencer.worst
    chain = writers.rate(writers.chained, SECONDS)
    with writers.one_slow(writers.chained):
        chain_slow = writers.rate(writers.chained, SECONDS)
    return [
        Figure("without a ledger", without, "/s"),
        Figure("with the ledger, its sequencer at work", ledger, "/s"),
        Figure("the same, one transaction open for 200 ms at a time", ledger_slow, "/s"),
        Figure("with a hash chain behind a locked head", chain, "/s"),
        Figure("the same, one transaction open for 200 ms at a time", chain_slow, "/s"),
        Figure("ledger against none", ledger / without, "", least=0.5),
        Figure("ledger against the locked chain", ledger / chain, "", least=3),
        Figure("ledger beside a slow transaction, against itself", ledger_slow / ledger, least=0.9),
        Figure("how long the oldest leaf waited for its place, at worst", lag, "s", most=2),
    ]


class _Sequencer:
    """The real sequencer in a process of its own, and a watch on how far behind it is."""

    def __enter__(self) -> "_Sequencer":
        self.worst = 0.0
        self._folder = tempfile.TemporaryDirectory()
        key = Path(self._folder.name) / "key"
        self._process = get_context("spawn").Process(target=sequence_for_ever, args=(str(key),))
        self._process.start()
        while not key.exists():
            time.sleep(0.1)
        time.sleep(1)
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look)
        self._watch.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._done.set()
        self._watch.join()
        self._process.terminate()
        self._process.join()
        self._folder.cleanup()

    def _look(self) -> None:
        link = writers.connect()
        link.autocommit = True
        oldest = (
            "SELECT coalesce(extract(epoch FROM clock_timestamp() - e.at), 0) FROM audit_leaf l"
            " JOIN audit_event e ON e.id = l.entry WHERE l.leaf_index IS NULL ORDER BY l.id LIMIT 1"
        )
        with link.cursor() as cursor:
            while not self._done.wait(0.1):
                cursor.execute(oldest)
                found = cursor.fetchone()
                # A slow transaction's own leaf began its 200 ms before anybody could see it.
                self.worst = max(self.worst, float(found[0]) if found else 0.0)


def sequence_for_ever(key: str) -> None:
    """What ``manage.py ledger sequence`` does, until it is ended."""
    import django

    django.setup()
    from audit.ledger.sequencing import BATCH, PAUSE, sequence
    from audit.ledger.signing import create_signing_key

    signer = create_signing_key(Path(key), "bench.invalid/ledger")
    while True:
        done = sequence(signer)
        if done is None or done.placed < BATCH:
            time.sleep(PAUSE)


def _checking(leaves: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = _written(folder, leaves)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begun = time.monotonic()
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "tools/verify_ledger.py", "whole", str(folder), "--key", key],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        spent = time.monotonic() - begun
    if done.returncode:
        raise SystemExit(f"The verifier says no to its own bench: {done.stdout}{done.stderr}")
    peak = max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, before.ru_maxrss) / 1024
    return [
        Figure(f"{leaves:,} leaves checked offline", spent, "s", most=60),
        Figure("memory of it, at the most", peak, "MB", most=500),
    ]


def _written(folder: Path, leaves: int) -> str:
    """A ledger as ``ledger export`` writes it, of so many leaves; its public key."""
    from datetime import UTC, datetime

    from audit.ledger.leaves import canonical
    from audit.ledger.notes import Checkpoint
    from audit.ledger.signing import create_signing_key
    from audit.ledger.tree import Tree, leaf_hash

    signer = create_signing_key(folder / "key", "bench.invalid/ledger")
    tree = Tree(0, lambda _level, _number: b"")
    shared = {"agency": "a", "at": "2026-11-23T00:00:00.000000Z", "case": None, "person": "p"}
    look = {**shared, "kind": "look", "look": "opened", "may": "triage", "thing": "x.y", "v": 1}
    with (
        (folder / "leaves.jsonl").open("w") as out,
        (folder / "checkpoints.jsonl").open("w") as notes,
    ):
        for number in range(leaves):
            body = canonical({**look, "entry": number, "thing_id": f"{number:036d}"})
            out.write(body + "\n")
            tree.append(leaf_hash(body.encode()))
            if number % 1000 == 999 or number == leaves - 1:  # noqa: PLR2004 - a batch
                checkpoint = Checkpoint(signer.name, tree.size, tree.root(), datetime.now(UTC))
                notes.write(json.dumps(signer.sign(checkpoint.text())) + "\n")
    (folder / "keys.txt").write_text(f"{signer.verifier}\n")
    (folder / "key").unlink()
    return str(signer.verifier)
