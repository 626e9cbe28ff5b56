"""What the tests of the evidence and its ledger share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.ledger.exporting import export
from audit.ledger.notes import Signer
from audit.ledger.signing import create_signing_key
from requests_app.models import InformationRequest
from tests import walks
from tests.cast import Cast
from tests.kept_state import KeptState
from tests.ledger.verifier import verify as one_file
from tests.plugins.rows import Empty

Outside = Callable[..., tuple[int, str]]


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return create_signing_key(tmp_path / "key", "tests.invalid/ledger")


@pytest.fixture(scope="session")
def kept_sent(django_db_setup: Empty, tmp_path_factory: pytest.TempPathFactory) -> KeptState:
    """What every test's ``sent`` comes from."""
    return KeptState(walks.sent, django_db_setup, tmp_path_factory.mktemp("sent") / "files")


@pytest.fixture
def sent(cast: Cast, kept_sent: KeptState, tmp_path: Path, settings: Any) -> InformationRequest:
    """A request that waits for triage, for tests that commit."""
    settings.FILES_DIR = tmp_path / "files"
    case: InformationRequest = kept_sent.reach(cast)
    return case


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
