"""Seals short texts that belong to no case, such as the secret of a one-time code.

A sealed text is ``1.<id of the ring key>.<nonce, ciphertext and tag in base64>``. The key is
derived from that ring key for one purpose alone, so what is sealed for one opens for no other.
The newest ring key seals; whichever is named in the text opens, so the ring can be turned.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Final, NoReturn

from cryptography.exceptions import InvalidTag

from encryption import aead
from encryption.errors import SealBroken
from encryption.provider import key_provider
from encryption.seal import length_prefixed

FORMAT: Final = "1"


def seal_text(purpose: str, text: str) -> str:
    """The text, to be opened for this purpose only."""
    name, key = key_provider().purpose_key(purpose)
    sealed = aead.seal(key, text.encode(), _associated(purpose, name))
    return f"{FORMAT}.{name}.{urlsafe_b64encode(sealed).decode()}"


def open_text(purpose: str, sealed: str) -> str:
    """The text again; SealBroken if anything is not as it was sealed."""
    form, _dot, rest = sealed.partition(".")
    name, _dot, encoded = rest.rpartition(".")  # an id may have dots, base64 has none
    if form != FORMAT or not name:
        _refuse(purpose)
    name, key = key_provider().purpose_key(purpose, name)
    try:
        return aead.unseal(key, urlsafe_b64decode(encoded), _associated(purpose, name)).decode()
    except (InvalidTag, NotBase64, ValueError):
        _refuse(purpose)


def ring_key_of(sealed: str) -> str:
    """The id of the ring key that a sealed text names; not verified, opening verifies it."""
    return sealed.partition(".")[2].rpartition(".")[0]


def resealed(purpose: str, sealed: str) -> str:
    """The same text sealed by the newest ring key; as it was, if that has sealed it already."""
    if ring_key_of(sealed) == key_provider().active:
        return sealed
    return seal_text(purpose, open_text(purpose, sealed))


def _associated(purpose: str, name: str) -> bytes:
    return length_prefixed(b"portal purpose text 1", purpose.encode(), name.encode())


def _refuse(purpose: str) -> NoReturn:
    raise SealBroken(
        f"A text sealed as {purpose} does not open: it was damaged, or written by something "
        "other than the portal. Restore its row from a backup, or have it made anew."
    ) from None
