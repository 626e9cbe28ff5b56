"""The framing that everything sealed is written in: nonce, ciphertext, tag."""

import pytest
from cryptography.exceptions import InvalidTag

from encryption import aead

# Test case 16 of "The Galois/Counter Mode of Operation" (McGrew and Viega), which NIST has as well.
KEY = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
NONCE = bytes.fromhex("cafebabefacedbaddecaf888")
BOUND = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
PLAIN = bytes.fromhex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
CIPHERTEXT = bytes.fromhex(
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
)
TAG = bytes.fromhex("76fc6ece0f4e1768cddf8853bb2d551b")
SEALED = NONCE + CIPHERTEXT + TAG


def test_the_published_vector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aead, "urandom", lambda _size: NONCE)
    assert aead.seal(KEY, PLAIN, BOUND) == SEALED
    assert aead.unseal(KEY, SEALED, BOUND) == PLAIN
    assert len(SEALED) == len(PLAIN) + aead.OVERHEAD


def test_each_seal_has_a_nonce_of_its_own() -> None:
    nonces = {aead.seal(KEY, PLAIN, BOUND)[: len(NONCE)] for _each in range(100)}
    assert len(nonces) == 100


@pytest.mark.parametrize("size", [*range(29), len(SEALED) - 1])
def test_what_was_cut_does_not_open(size: int) -> None:
    with pytest.raises(InvalidTag):
        aead.unseal(KEY, SEALED[:size], BOUND)


@pytest.mark.parametrize("at", range(len(SEALED)))
def test_no_byte_can_be_changed(at: int) -> None:
    changed = bytearray(SEALED)
    changed[at] ^= 1
    with pytest.raises(InvalidTag):
        aead.unseal(KEY, bytes(changed), BOUND)


def test_what_it_is_bound_to_counts() -> None:
    with pytest.raises(InvalidTag):
        aead.unseal(KEY, SEALED, BOUND[:-1])


@pytest.mark.parametrize("size", [0, 16, 24, 31, 33])
def test_a_key_has_one_length(size: int) -> None:
    """Sixteen or 24 bytes would do for AES, and would be another cipher."""
    with pytest.raises(ValueError, match="32 bytes"):
        aead.seal(bytes(size), PLAIN, BOUND)
    with pytest.raises(ValueError, match="32 bytes"):
        aead.unseal(bytes(size), SEALED, BOUND)
