"""Attachments, sealed in chunks of 1 MiB under a key of their own.

A sealed file is a header (format, key generation, 16 random bytes) and then, for each chunk, a
nonce, the ciphertext and its tag. The associated data of a chunk binds the header, the case, the
file, the chunk's number and whether it is the last: chunks put in another order, left out, added,
or taken from another file or case do not open, and nothing of a chunk is given out before it does.
"""

import hashlib
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from struct import Struct
from typing import IO, Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.conf import settings

from encryption.casekeys import opening_key, sealing_key
from encryption.chunks import CHUNK, SEALED_CHUNK, Chunks, with_last
from encryption.errors import FileTaken, KeyReplaced, SealBroken
from encryption.seal import length_prefixed
from encryption.stores import file_store
from encryption.unit_of_work import DataKey

FORMAT: Final = 1
HEADER: Final = Struct(">BH16s")
FILE_KEY: Final = b"portal sealed file 1"


def _chunks(key: DataKey, header: bytes, case_id: UUID, file_id: UUID) -> Chunks:
    own = key.derive(length_prefixed(FILE_KEY, file_id.bytes))
    return Chunks(own, header, case_id.bytes, file_id.bytes)


def name_of(file_id: UUID) -> str:
    """What this file is called in the store; it says nothing but its id."""
    return f"{file_id.hex[:2]}/{file_id}"


def path_of(file_id: UUID) -> Path:
    """Where a folder keeps this file."""
    return Path(settings.FILES_DIR) / name_of(file_id)


def seal_file(content: bytes | IO[bytes] | Any, *, case_id: UUID, file_id: UUID) -> None:
    """Seal a file, from its beginning, into its place: whole or not at all.

    Never over another file: FileTaken. Sealing the same content again for the same case and id
    changes nothing, so that a step whose transaction failed can be taken again.
    """
    source = BytesIO(content) if isinstance(content, bytes) else content
    source.seek(0)
    sealing = _Sealing(source, case_id, file_id)
    if file_store().put(name_of(file_id), sealing):
        return
    if sealing.digest() != _digest_there(case_id, file_id):
        raise FileTaken(
            f"There is already another file with the id {file_id}; it is left as it is. "
            "Attach this one under an id of its own."
        )


class _Sealing:
    """The sealed pieces of a stream, to be gone through once; the digest of what went in."""

    def __init__(self, source: IO[bytes], case_id: UUID, file_id: UUID) -> None:
        self.source, self.case_id, self.file_id = source, case_id, file_id
        self.digested = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        key = sealing_key(self.case_id)
        header = HEADER.pack(FORMAT, key.generation, os.urandom(16))
        chunks = _chunks(key, header, self.case_id, self.file_id)
        yield header
        for index, (plain, last) in enumerate(with_last(self.source, CHUNK)):
            self.digested.update(plain)
            yield chunks.seal(plain, index, last=last)

    def digest(self) -> bytes:
        """Of the plain bytes, once all of them went through."""
        return self.digested.digest()


def _digest_there(case_id: UUID, file_id: UUID) -> bytes | None:
    try:
        return _digest(_opened(case_id, file_id))
    except (SealBroken, KeyReplaced):
        return None


def _digest(chunks: Iterator[bytes]) -> bytes:
    digest = hashlib.sha256()
    for plain in chunks:
        digest.update(plain)
    return digest.digest()


def generation_of_file(file_id: UUID) -> int | None:
    """Which generation of its case's key sealed this file; None where there is no such file."""
    try:
        return _generation(file_store().beginning(name_of(file_id), HEADER.size), file_id)
    except FileNotFoundError:
        return None


def seal_file_anew(*, case_id: UUID, file_id: UUID) -> None:
    """Seal a file by the newest key of its case, in the place of what was there, whole or not.

    Whoever is reading the old one reads it to its end. Only with the case locked.
    """
    plain = b"".join(_opened(case_id, file_id))
    sealing = _Sealing(BytesIO(plain), case_id, file_id)

    def hold(sealed: IO[bytes]) -> None:
        if _digest(_read(sealed, case_id, file_id)) != sealing.digest():
            raise _broken(file_id)

    file_store().replace(name_of(file_id), sealing, hold)


def open_file(*, case_id: UUID, file_id: UUID) -> Iterator[bytes]:
    """The file's chunks, each verified before it is given out.

    The first is verified before this returns, so that a missing key or a wrong file is known
    before an answer is begun.
    """
    opened = _opened(case_id, file_id)
    first = next(opened)
    return _after(first, opened)


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _opened(case_id: UUID, file_id: UUID) -> Iterator[bytes]:
    try:
        source = file_store().open(name_of(file_id))
    except FileNotFoundError:
        sealing_key(case_id)  # a file that went with its case is not one that is missing
        raise SealBroken(f"File {file_id} is missing. Restore it from a backup.") from None
    with source:
        yield from _read(source, case_id, file_id)


def _read(source: IO[bytes], case_id: UUID, file_id: UUID) -> Iterator[bytes]:
    header = source.read(HEADER.size)
    generation = _generation(header, file_id)
    chunks = _chunks(opening_key(case_id, generation), header, case_id, file_id)
    for index, (sealed, last) in enumerate(with_last(source, SEALED_CHUNK)):
        try:
            plain = chunks.open(sealed, index, last=last)
        except (InvalidTag, ValueError):
            raise _broken(file_id) from None
        yield plain


def _generation(header: bytes, file_id: UUID) -> int:
    if len(header) != HEADER.size or header[0] != FORMAT:
        raise _broken(file_id)
    return int(HEADER.unpack(header)[1])


def remove_file(*, file_id: UUID) -> None:
    """Take a file away; one that is gone already is no fault.

    What makes it unreadable, in backups too, is the destruction of its case's key.
    """
    file_store().remove(name_of(file_id))


def _broken(file_id: UUID) -> SealBroken:
    return SealBroken(
        f"File {file_id} does not open: it was damaged, cut, or exchanged by something other than "
        "the portal. Restore it from a backup, and find out who else writes to its directory."
    )
