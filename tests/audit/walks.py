"""Brings the ledger into a state, as its sequencer would."""

from pathlib import Path
from tempfile import TemporaryDirectory

from audit.ledger.sequencing import sequence
from audit.ledger.signing import create_signing_key


def signed() -> None:
    """Every leaf has its place, and a checkpoint says so."""
    with TemporaryDirectory() as folder:
        signer = create_signing_key(Path(folder) / "key", "tests.invalid/ledger")
        while (done := sequence(signer)) is None or done.placed:
            pass
