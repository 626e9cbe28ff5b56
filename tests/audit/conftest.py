"""What the tests of the evidence and its ledger share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from audit.ledger.exporting import export
from audit.ledger.notes import Signer
from audit.ledger.signing import create_signing_key
from tests.ledger.verifier import verify as one_file

Outside = Callable[..., tuple[int, str]]


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return create_signing_key(tmp_path / "key", "tests.invalid/ledger")


@pytest.fixture
def outside(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> Outside:
    """What the one-file verifier says of an export to whoever has these keys and checkpoints."""

    def ask(*signers: Signer, held: tuple[str, ...] = ()) -> tuple[int, str]:
        folder = tmp_path_factory.mktemp("asked")
        export(folder / "ledger")
        given = ["whole", str(folder / "ledger")]
        for signer in signers:
            given += ["--key", str(signer.verifier)]
        for number, note in enumerate(held):
            (folder / str(number)).write_text(note, encoding="utf-8")
            given += ["--held", str(folder / str(number))]
        capsys.readouterr()
        return one_file.main(given), capsys.readouterr().out

    return ask
