"""Streams sealed to a public key: a data key by HPKE (RFC 9180), then chunks under that key.

What is sealed is bound to the kind of backup, the set and the file in it, so that nothing can be
taken from one and put into another.
"""

import hashlib
from collections.abc import Iterator
from io import RawIOBase
from os import urandom
from struct import Struct
from typing import IO, Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from backups.errors import BackupFault
from encryption.aead import KEY_BYTES
from encryption.chunks import CHUNK, SEALED_CHUNK, Chunks, with_last
from encryption.seal import length_prefixed

MAGIC: Final = b"portal backup 1\n"
LENGTH: Final = Struct(">H")
SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Out(Protocol):
    """What can be written to."""

    def write(self, piece: bytes, /) -> int:
        """Take more."""


class Sealing:
    """A file to write to; what reaches the disk is sealed. ``close`` seals the last chunk."""

    def __init__(self, out: Out, key: X25519PublicKey, *place: str) -> None:
        self.out, self.index, self.plain = out, 0, bytearray()
        self.digest, self.size = hashlib.sha256(), 0
        own = urandom(KEY_BYTES)
        wrapped = SUITE.encrypt(own, key, _bound(*place))
        header = MAGIC + LENGTH.pack(len(wrapped)) + wrapped
        self.chunks = Chunks(own, header)
        self._put(header)

    def write(self, plain: bytes) -> int:
        """Take more; a chunk goes out once it is known not to be the last."""
        self.plain += plain
        while len(self.plain) > CHUNK:
            self._seal(bytes(self.plain[:CHUNK]), last=False)
            del self.plain[:CHUNK]
        return len(plain)

    def close(self) -> None:
        """Seal what is left, as the last; without this the stream does not open."""
        self._seal(bytes(self.plain), last=True)
        self.plain.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._put(self.chunks.seal(plain, self.index, last=last))
        self.index += 1

    def _put(self, sealed: bytes) -> None:
        self.out.write(sealed)
        self.digest.update(sealed)
        self.size += len(sealed)


def opened(source: IO[bytes], key: X25519PrivateKey, *place: str) -> Iterator[bytes]:
    """The stream's chunks, each proved before it is given out. Raises BackupFault."""
    name = "/".join(place)
    header = source.read(len(MAGIC) + LENGTH.size)
    if len(header) != len(MAGIC) + LENGTH.size or not header.startswith(MAGIC):
        raise BackupFault(f"{name} is not a sealed backup. Take another one.")
    wrapped = source.read(LENGTH.unpack(header[len(MAGIC) :])[0])
    try:
        own = SUITE.decrypt(wrapped, key, _bound(*place))
    except (InvalidTag, ValueError):
        raise BackupFault(
            f"{name} does not open with this key: it was sealed to another one, or belongs to "
            "another backup. Use the private key of the pair that it was made with."
        ) from None
    chunks = Chunks(own, header + wrapped)
    for index, (sealed, last) in enumerate(with_last(source, SEALED_CHUNK)):
        try:
            yield chunks.open(sealed, index, last=last)
        except (InvalidTag, ValueError):
            raise BackupFault(
                f"{name} was damaged, cut or changed (chunk {index}). Take another backup."
            ) from None


class Reading(RawIOBase):
    """The same stream for whoever wants a file to read from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks, self.rest = chunks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.rest:
            following = next(self.chunks, None)
            if following is None:
                return 0
            self.rest = following
        part = self.rest[: len(buffer)]
        buffer[: len(part)] = part
        self.rest = self.rest[len(part) :]
        return len(part)


def _bound(*place: str) -> bytes:
    return length_prefixed(MAGIC, *(each.encode() for each in place))
