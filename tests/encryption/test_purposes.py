"""Texts sealed for one purpose: they outlive a turn of the ring, and open for nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from encryption.errors import KeyringFault, SealBroken
from encryption.provider import create_keyring_file, forget_keyring
from encryption.purposes import open_text, seal_text
from tests.encryption.test_keyring import entry

PURPOSE, WORDS = "a test", "JBSWY3DPEHPK3PXP"


@pytest.fixture
def path(tmp_path: Path, settings: Any) -> Any:
    settings.KEYRING_FILE = tmp_path / "ring.json"
    settings.DISPOSAL_REGISTER = tmp_path / "disposals.jsonl"  # that of the tests is of their ring
    create_keyring_file(settings.KEYRING_FILE)
    yield settings.KEYRING_FILE
    forget_keyring()


def turned(path: Path, *, keep: bool) -> None:
    """Put a new key first on the ring, and keep the old one below it or not."""
    ring = json.loads(path.read_text())
    ring["keys"] = [entry(9), *(ring["keys"] if keep else [])]
    path.write_text(json.dumps(ring))
    forget_keyring()


def test_it_opens_again_and_never_looks_the_same(path: Path) -> None:
    sealed = seal_text(PURPOSE, WORDS)
    assert open_text(PURPOSE, sealed) == WORDS
    assert WORDS not in sealed
    assert seal_text(PURPOSE, WORDS) != sealed


def test_the_ring_can_be_turned(path: Path) -> None:
    sealed = seal_text(PURPOSE, WORDS)
    turned(path, keep=True)
    assert open_text(PURPOSE, sealed) == WORDS
    assert seal_text(PURPOSE, WORDS).split(".")[1] != sealed.split(".")[1]


def test_a_key_that_is_gone_is_named(path: Path) -> None:
    sealed = seal_text(PURPOSE, WORDS)
    turned(path, keep=False)
    with pytest.raises(KeyringFault, match=sealed.split(".")[1]):
        open_text(PURPOSE, sealed)


def test_each_changed_character_is_noticed(path: Path) -> None:
    sealed = seal_text(PURPOSE, WORDS)
    body = sealed.rindex(".") + 1
    for at in range(body, len(sealed)):
        other = "A" if sealed[at] != "A" else "B"
        try:
            assert open_text(PURPOSE, sealed[:at] + other + sealed[at + 1 :]) == WORDS
            assert at >= len(sealed) - 3  # the last bits of base64 are not part of any byte
        except SealBroken:
            continue


@pytest.mark.parametrize("odd", ["", "1", "1.", "1..", "2.ring.AAAA", WORDS, "1.\x00.\x00"])
def test_what_was_never_sealed_does_not_open(path: Path, odd: str) -> None:
    with pytest.raises((SealBroken, KeyringFault)):
        open_text(PURPOSE, odd)


def test_another_purpose_has_another_key(path: Path) -> None:
    with pytest.raises(SealBroken):
        open_text("another", seal_text(PURPOSE, WORDS))
