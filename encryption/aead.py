"""AES-256-GCM (RFC 5116) as it is written here everywhere: nonce, ciphertext, tag.

    nonce (12 bytes, random for each seal) | ciphertext (as long as the plain text) | tag (16 bytes)

Keys have 32 bytes. ``bound`` is the associated data: it is not stored, and must be the same again.
"""

from os import urandom
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
NONCE: Final = 12
OVERHEAD: Final = NONCE + 16  # what sealing adds


def seal(key: bytes, plain: bytes, bound: bytes) -> bytes:
    """The plain bytes sealed under a key; ValueError if the key has another length."""
    nonce = urandom(NONCE)
    return nonce + _under(key).encrypt(nonce, plain, bound)


def unseal(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """The plain bytes again; InvalidTag if anything is not as it was, ValueError as ``seal``."""
    if len(sealed) < OVERHEAD:
        raise InvalidTag
    return _under(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound)


def _under(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise ValueError("A key has 32 bytes.")
    return AESGCM(key)
