"""Attachments, sealed in chunks of 1 MiB under a key of their own.

A sealed file is a header (format, key generation, 16 random bytes) and then, for each chunk, a
nonce, the ciphertext and its tag. The associated data of a chunk binds the header, the case, the
file, the chunk's number and whether it is the last: chunks put in another order, left out, added,
or taken from another file or case do not open, and nothing of a chunk is given out before it does.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from struct import Struct
from typing import IO, Any, Final
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from django.conf import settings

from encryption.casekeys import DataKey, opening_key, sealing_key
from encryption.chunks import CHUNK, SEALED_CHUNK, Chunks, with_last
from encryption.errors import FileTaken, KeyReplaced, SealBroken
from encryption.seal import length_prefixed

FORMAT: Final = 1
HEADER: Final = Struct(">BH16s")
FILE_KEY: Final = b"portal sealed file 1"


def _chunks(key: DataKey, header: bytes, case_id: UUID, file_id: UUID) -> Chunks:
    own = key.derive(length_prefixed(FILE_KEY, file_id.bytes))
    return Chunks(own, header, case_id.bytes, file_id.bytes)


def path_of(file_id: UUID) -> Path:
    """Where this file is kept; its name says nothing but its id."""
    folder: Path = Path(settings.FILES_DIR)
    return folder / file_id.hex[:2] / str(file_id)


def seal_file(content: bytes | IO[bytes] | Any, *, case_id: UUID, file_id: UUID) -> None:
    """Seal a file, from its beginning, into its place: whole or not at all.

    Never over another file: FileTaken. Sealing the same content again for the same case and id
    changes nothing, so that a step whose transaction failed can be taken again.
    """
    source = BytesIO(content) if isinstance(content, bytes) else content
    source.seek(0)
    path = path_of(file_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{uuid4()}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
            digest = _write(source, new, case_id, file_id)
            new.flush()
            os.fsync(new.fileno())
        try:
            # A link, unlike a rename, fails when the name is taken.
            os.link(draft, path)
        except FileExistsError:
            if digest != _digest_there(case_id, file_id):
                raise FileTaken(
                    f"There is already another file with the id {file_id}; it is left as it is. "
                    "Attach this one under an id of its own."
                ) from None
    finally:
        draft.unlink(missing_ok=True)
    sync_directory(path.parent)


def _write(source: IO[bytes], new: IO[bytes], case_id: UUID, file_id: UUID) -> bytes:
    key, digest = sealing_key(case_id), hashlib.sha256()
    header = HEADER.pack(FORMAT, key.generation, os.urandom(16))
    chunks = _chunks(key, header, case_id, file_id)
    new.write(header)
    for index, (plain, last) in enumerate(with_last(source, CHUNK)):
        digest.update(plain)
        new.write(chunks.seal(plain, index, last=last))
    return digest.digest()


def _digest_there(case_id: UUID, file_id: UUID) -> bytes | None:
    try:
        return _digest(_opened(case_id, file_id, path_of(file_id)))
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
        with path_of(file_id).open("rb") as source:
            return _generation(source.read(HEADER.size), file_id)
    except FileNotFoundError:
        return None


def seal_file_anew(*, case_id: UUID, file_id: UUID) -> None:
    """Seal a file by the newest key of its case, in the place of what was there, whole or not.

    Whoever is reading the old one reads it to its end. Only with the case locked: two at once
    would write the same draft, whose name is the same each time so that none is left behind.
    """
    path = path_of(file_id)
    draft = path.with_name(f".{file_id}.anew")
    plain = b"".join(_opened(case_id, file_id, path))
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(draft, flags, 0o600), "wb") as new:
            digest = _write(BytesIO(plain), new, case_id, file_id)
            new.flush()
            os.fsync(new.fileno())
        if _digest(_opened(case_id, file_id, draft)) != digest:
            raise _broken(file_id)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_directory(path.parent)


def open_file(*, case_id: UUID, file_id: UUID) -> Iterator[bytes]:
    """The file's chunks, each verified before it is given out.

    The first is verified before this returns, so that a missing key or a wrong file is known
    before an answer is begun.
    """
    opened = _opened(case_id, file_id, path_of(file_id))
    first = next(opened)
    return _after(first, opened)


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _opened(case_id: UUID, file_id: UUID, path: Path) -> Iterator[bytes]:
    try:
        source = path.open("rb")
    except FileNotFoundError:
        sealing_key(case_id)  # a file that went with its case is not one that is missing
        raise SealBroken(f"File {file_id} is missing. Restore it from a backup.") from None
    with source:
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
    path = path_of(file_id)
    path.unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError):
        sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Have the disk keep a name that was put into, or taken out of, a directory."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _broken(file_id: UUID) -> SealBroken:
    return SealBroken(
        f"File {file_id} does not open: it was damaged, cut, or exchanged by something other than "
        "the portal. Restore it from a backup, and find out who else writes to its directory."
    )
