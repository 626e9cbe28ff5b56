"""Seals one value, bound to the one place it belongs to.

A sealed value is::

    format (1 byte) | key generation (2 bytes) | nonce, ciphertext and tag (``encryption.aead``)

Label, row, case and row version are not stored beside it: they are associated data, taken from
where the value was found. So a value copied to another column, row or case, or put back from an
earlier version of its row, does not open. What is encrypted is the value's length, the value, and
zeros up to the next bucket, so that the stored length tells little about a name or a date.
"""

import struct
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag

from encryption import aead
from encryption.errors import SealBroken

FORMAT: Final = 1
HEADER: Final = struct.Struct(">BH")
LENGTH: Final = struct.Struct(">I")
SMALL_BUCKETS: Final = (64, 128, 256, 512, 1024)
LARGEST: Final = 16 * 1024 * 1024
FIELD_KEY: Final = b"portal sealed field 1"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs; it opens nowhere else."""

    label: str
    row_id: UUID
    case_id: UUID
    version: int

    def __str__(self) -> str:
        return f"{self.label} of row {self.row_id} at version {self.version}"


def length_prefixed(*parts: bytes) -> bytes:
    """Join parts so that no two different lists of parts give the same bytes."""
    return b"".join(LENGTH.pack(len(part)) + part for part in parts)


def _associated(header: bytes, place: Place) -> bytes:
    return length_prefixed(
        header,
        place.label.encode(),
        place.row_id.bytes,
        place.case_id.bytes,
        place.version.to_bytes(8, "big"),
    )


def bucket(size: int) -> int:
    """The padded length for this many bytes."""
    for small in SMALL_BUCKETS:
        if size <= small:
            return small
    return -(-size // 1024) * 1024


def _pad(plain: bytes) -> bytes:
    if len(plain) > LARGEST:
        raise ValueError("This value is too large to be sealed in a column; keep it as a file.")
    inner = LENGTH.pack(len(plain)) + plain
    return inner.ljust(bucket(len(inner)), b"\0")


def _unpad(inner: bytes) -> bytes:
    (length,) = LENGTH.unpack_from(inner)
    end = LENGTH.size + length
    if bucket(end) != len(inner) or inner.count(b"\0", end) != len(inner) - end:
        raise ValueError("padding")
    return inner[LENGTH.size : end]


def seal(plain: bytes, *, key: bytes, generation: int, place: Place) -> bytes:
    """Encrypt ``plain`` so that it opens only at ``place``."""
    header = HEADER.pack(FORMAT, generation)
    return header + aead.seal(key, _pad(plain), _associated(header, place))


def generation_of(sealed: bytes, place: Place) -> int:
    """Which generation of the case key sealed this. Not yet verified; opening verifies it."""
    if len(sealed) < HEADER.size + SMALL_BUCKETS[0] + aead.OVERHEAD:
        raise _broken(place)
    form, generation = HEADER.unpack_from(sealed)
    if form != FORMAT:
        raise _broken(place)
    return int(generation)


def open_sealed(sealed: bytes, *, key: bytes, place: Place) -> bytes:
    """The plain value, or SealBroken if anything at all is not as it was sealed."""
    generation_of(sealed, place)
    header, rest = sealed[: HEADER.size], sealed[HEADER.size :]
    try:
        return _unpad(aead.unseal(key, rest, _associated(header, place)))
    except (InvalidTag, ValueError):
        raise _broken(place) from None


def _broken(place: Place) -> SealBroken:
    return SealBroken(
        f"{place} does not open: the stored bytes were damaged, or moved or put back from "
        "elsewhere by something other than the portal. Restore the row from a backup, and find "
        "out who else writes to this database."
    )
