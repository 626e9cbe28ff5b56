"""What the tests of the evidence and its ledger share."""

from pathlib import Path

import pytest

from audit.ledger.notes import Signer
from audit.ledger.signing import create_signing_key


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return create_signing_key(tmp_path / "key", "tests.invalid/ledger")
