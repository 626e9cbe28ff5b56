"""Seals a stream in chunks of 1 MiB: what is cut, put in another order or exchanged does not open.

Bound to each chunk (``encryption.aead``) are what the caller names, the
chunk's number and whether it is the last.
"""

from collections.abc import Iterator
from typing import IO, Final

from encryption import aead
from encryption.seal import length_prefixed

CHUNK: Final = 1024 * 1024
SEALED_CHUNK: Final = CHUNK + aead.OVERHEAD


class Chunks:
    """Seals or opens the chunks of one stream under a key of its own (32 bytes)."""

    def __init__(self, key: bytes, *bound: bytes) -> None:
        self.key, self.bound = key, bound

    def _associated(self, index: int, last: bool) -> bytes:
        return length_prefixed(*self.bound, index.to_bytes(8, "big"), bytes([last]))

    def seal(self, plain: bytes, index: int, *, last: bool) -> bytes:
        """One chunk, sealed."""
        return aead.seal(self.key, plain, self._associated(index, last))

    def open(self, sealed: bytes, index: int, *, last: bool) -> bytes:
        """The chunk again; InvalidTag or ValueError where it is not that one."""
        return aead.unseal(self.key, sealed, self._associated(index, last))


def with_last(source: IO[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Pieces of this size, the last one known as such; an empty source is one empty last piece."""
    piece = _exactly(source, size)
    while True:
        following = _exactly(source, size)
        yield piece, not following
        if not following:
            return
        piece = following


def _exactly(source: IO[bytes], size: int) -> bytes:
    """Read this many bytes, fewer only at the end: a stream may hand out less at a time."""
    parts, missing = [], size
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
