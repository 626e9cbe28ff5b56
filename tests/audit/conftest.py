"""The ledger's own key, for one test."""

import pytest

from audit.ledger.notes import Signer
from audit.ledger.signing import create_signing_key


@pytest.fixture
def signer(tmp_path) -> Signer:
    return create_signing_key(tmp_path / "key", "tests.invalid/ledger")
