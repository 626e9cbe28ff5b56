"""Proves what was restored, and only then takes the mark away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from audit.ledger.known_findings import in_words
from audit.ledger.notes import Checkpoint, NoteFault, Verifier, opened
from audit.ledger.sequencing import size, stored_tile, verifiers
from audit.ledger.tree import Tree
from audit.ledger.verifying import verify
from audit.ledger.verifying_rows import verify_live
from audit.selectors import is_checkpoint_of_ours
from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE, KINDS
from backups.replaying import replay_disposals
from backups.restore_mark import is_marked, is_whole, take_mark_away
from backups.servers import alias

Step = Callable[[int], None]


@dataclass
class Proof:
    """What was found; ``wrong`` names rows, never what they hold."""

    disposals: int = 0
    leaves: int = 0
    waiting: int = 0
    held_elsewhere: int = 0
    lacks_held: bool = False
    known: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    count: int = 0


def awaits_proof() -> bool:
    """Whether one of the two databases bears the mark."""
    return any(is_marked(alias(kind)) for kind in KINDS)


def prove(*, note: str = "", keys: tuple[str, ...] = (), step: Step = lambda _done: None) -> Proof:
    """Replay the register, verify the ledger and every row; then the marks go, or all stay.

    ``note`` is a checkpoint that somebody outside holds and ``keys`` the ledger's public keys as
    they hold them; without any, those count that the restored database names. Raises BackupFault
    where note or key is none, or the restore did not come to its end.
    """
    if not all(is_whole(alias(kind)) for kind in KINDS):
        raise BackupFault(
            "The restore was not finished, so there is nothing to prove. Drop and create both "
            "databases, empty the place of the files, and run the restore again."
        )
    held = _read_keys(keys)
    found = Proof(disposals=replay_disposals())
    for check in (partial(verify, keys=held), verify_live):
        said = check(step=step)
        found.wrong += said.wrong
        found.count += said.count
        found.known += in_words(said.met)
        found.waiting = max(found.waiting, said.waiting)
    found.leaves = size()
    if note:
        _hold_note(note, held or verifiers(), found)
    if not found.count:
        # The data's goes last: while it is there nothing starts, whatever was killed between.
        for kind in (KEYSTORE, DATA):
            take_mark_away(alias(kind))
    return found


def _read_keys(keys: Sequence[str]) -> list[Verifier]:
    try:
        return [Verifier.parse(key) for key in keys]
    except NoteFault as fault:
        raise BackupFault(str(fault)) from None


def _hold_note(note: str, known: list[Verifier], found: Proof) -> None:
    try:
        outside: Checkpoint = opened(note, known)
    except NoteFault as fault:
        raise BackupFault(f"The checkpoint does not hold: {fault}") from None
    found.held_elsewhere = outside.size
    if outside.size > found.leaves:
        return  # that much is lost; whoever asked is told
    if Tree(found.leaves, stored_tile).root(outside.size) != outside.root:
        found.count += 1
        found.wrong.append(
            f"The first {outside.size} leaves are not those of the checkpoint that was given."
        )
    found.lacks_held = not is_checkpoint_of_ours(outside)


def read_note(path: Path) -> str:
    """A checkpoint as a file. Raises BackupFault."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise BackupFault(f"The checkpoint {path} cannot be read.") from None
