"""Sealed files: what was cut, exchanged or extended is refused before any of it is given out."""

import json
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from encryption import files as room
from encryption.casekeys import create_case_key, destroy_case_key
from encryption.errors import FileTaken, KeyDestroyed, KeyMissing, SealBroken
from encryption.files import CHUNK, open_file, path_of, remove_file, seal_file
from encryption.unit_of_work import DataKey

RECORD = 12 + CHUNK + 16
HEADER = 19
VECTOR = json.loads(Path(__file__).with_name("vectors.json").read_text())
CONTENT = bytes(range(256)) * (CHUNK // 256) * 2 + b"the end"


@pytest.fixture
def case_id(db: None, files_dir: Path) -> UUID:
    case_id = uuid4()
    create_case_key(case_id)
    return case_id


@pytest.fixture
def file_id(case_id: UUID) -> UUID:
    """A file of three chunks."""
    file_id = uuid4()
    seal_file(CONTENT, case_id=case_id, file_id=file_id)
    return file_id


def read(case_id: UUID, file_id: UUID) -> bytes:
    return b"".join(open_file(case_id=case_id, file_id=file_id))


def records(file_id: UUID) -> tuple[bytes, list[bytes]]:
    stored = path_of(file_id).read_bytes()
    body = stored[HEADER:]
    return stored[:HEADER], [body[at : at + RECORD] for at in range(0, len(body), RECORD)]


def refused(case_id: UUID, file_id: UUID) -> bytes:
    """What was given out before the refusal."""
    given_out = b""

    def collect() -> None:
        nonlocal given_out
        for chunk in open_file(case_id=case_id, file_id=file_id):
            given_out += chunk

    with pytest.raises(SealBroken, match="Restore it from a backup"):
        collect()
    assert CONTENT.startswith(given_out)
    return given_out


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
def test_any_size_is_read_again(size: int, case_id: UUID) -> None:
    file_id, content = uuid4(), os.urandom(size)
    seal_file(content, case_id=case_id, file_id=file_id)
    chunks = list(open_file(case_id=case_id, file_id=file_id))
    assert b"".join(chunks) == content
    assert [len(each) for each in chunks[:-1]] == [CHUNK] * (len(chunks) - 1)


def test_where_and_how_it_is_kept(case_id: UUID, file_id: UUID, files_dir: Path) -> None:
    path = files_dir / file_id.hex[:2] / str(file_id)
    assert path == path_of(file_id)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    stored = path.read_bytes()
    assert b"the end" not in stored
    assert CONTENT[:32] not in stored


def test_known_answer(files_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = DataKey(1, bytes.fromhex(VECTOR["secret"]))
    monkeypatch.setattr(room, "opening_key", lambda *_: key)
    file_id = UUID(VECTOR["row_id"])
    path_of(file_id).parent.mkdir(parents=True)
    path_of(file_id).write_bytes(bytes.fromhex(VECTOR["file"]["sealed"]))
    assert read(UUID(VECTOR["case_id"]), file_id) == bytes.fromhex(VECTOR["file"]["plain"])


def test_a_stream_is_sealed_from_its_beginning(case_id: UUID) -> None:
    class Slow(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 70_001))

    source, file_id = Slow(CONTENT), uuid4()
    source.seek(0, os.SEEK_END)
    seal_file(source, case_id=case_id, file_id=file_id)
    assert read(case_id, file_id) == CONTENT


TAMPERING: dict[str, tuple[Callable[[bytes, list[bytes]], bytes], int]] = {
    "order": (lambda head, parts: head + parts[1] + parts[0] + parts[2], 0),
    "last chunk gone": (lambda head, parts: head + parts[0] + parts[1], 1),
    "first chunk gone": (lambda head, parts: head + parts[1] + parts[2], 0),
    "middle chunk gone": (lambda head, parts: head + parts[0] + parts[2], 1),
    "cut in a chunk": (lambda head, parts: (head + b"".join(parts))[:-1], 2),
    "extended by a byte": (lambda head, parts: head + b"".join(parts) + b"x", 2),
    "extended by a chunk": (lambda head, parts: head + b"".join(parts) + parts[2], 2),
    "chunk twice": (lambda head, parts: head + parts[0] + parts[0] + parts[1] + parts[2], 1),
    "header only": (lambda head, _: head, 0),
    "header cut": (lambda head, _: head[:-1], 0),
    "empty": (lambda *_: b"", 0),
    "another format": (lambda head, parts: b"\2" + head[1:] + b"".join(parts), 0),
    "another salt": (lambda head, parts: head[:-1] + bytes([head[-1] ^ 1]) + b"".join(parts), 0),
}


@pytest.mark.parametrize(("change", "good"), TAMPERING.values(), ids=TAMPERING)
def test_tampering(
    change: Callable[[bytes, list[bytes]], bytes], good: int, case_id: UUID, file_id: UUID
) -> None:
    path_of(file_id).write_bytes(change(*records(file_id)))
    assert len(refused(case_id, file_id)) == good * CHUNK


def test_nothing_is_returned_at_all_when_the_first_chunk_is_wrong(
    case_id: UUID, file_id: UUID
) -> None:
    head, parts = records(file_id)
    path_of(file_id).write_bytes(head + parts[1])
    with pytest.raises(SealBroken):
        open_file(case_id=case_id, file_id=file_id)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_no_bit_can_change(data: st.DataObject, case_id: UUID) -> None:
    file_id = uuid4()
    seal_file(b"short", case_id=case_id, file_id=file_id)
    stored = bytearray(path_of(file_id).read_bytes())
    at = data.draw(st.integers(0, len(stored) * 8 - 1))
    stored[at // 8] ^= 1 << at % 8
    path_of(file_id).write_bytes(stored)
    with pytest.raises((SealBroken, KeyMissing)):  # KeyMissing: the key's generation was changed
        read(case_id, file_id)


def test_a_file_opens_in_no_other_place(case_id: UUID, file_id: UUID) -> None:
    other_case, other_file = uuid4(), uuid4()
    create_case_key(other_case)
    seal_file(CONTENT, case_id=case_id, file_id=other_file)
    assert refused(other_case, file_id) == b""
    mine, theirs = path_of(file_id).read_bytes(), path_of(other_file).read_bytes()
    path_of(file_id).write_bytes(theirs)
    assert refused(case_id, file_id) == b""
    path_of(file_id).write_bytes(mine[: HEADER + RECORD] + theirs[HEADER + RECORD :])
    assert len(refused(case_id, file_id)) == CHUNK


def test_chunks_of_an_earlier_file_of_the_same_id_do_not_fit(case_id: UUID, file_id: UUID) -> None:
    earlier = path_of(file_id).read_bytes()
    remove_file(file_id=file_id)
    seal_file(CONTENT, case_id=case_id, file_id=file_id)
    later = path_of(file_id).read_bytes()
    path_of(file_id).write_bytes(later[: HEADER + RECORD] + earlier[HEADER + RECORD :])
    assert len(refused(case_id, file_id)) == CHUNK


def test_a_file_is_never_overwritten(case_id: UUID, file_id: UUID) -> None:
    before = path_of(file_id).read_bytes()
    other_case = uuid4()
    create_case_key(other_case)
    for case, content in ((case_id, b"other"), (other_case, CONTENT), (other_case, b"")):
        with pytest.raises(FileTaken, match="left as it is"):
            seal_file(content, case_id=case, file_id=file_id)
    seal_file(CONTENT, case_id=case_id, file_id=file_id)
    assert path_of(file_id).read_bytes() == before
    assert [each.name for each in path_of(file_id).parent.iterdir()] == [str(file_id)]


def test_a_fault_while_writing_leaves_nothing(
    case_id: UUID, monkeypatch: pytest.MonkeyPatch, files_dir: Path
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        seal_file(CONTENT, case_id=case_id, file_id=uuid4())
    assert [each for each in files_dir.rglob("*") if each.is_file()] == []


def test_missing_keys_and_files(case_id: UUID, file_id: UUID) -> None:
    with pytest.raises(SealBroken, match="is missing"):
        open_file(case_id=case_id, file_id=uuid4())
    with pytest.raises(KeyMissing):
        seal_file(b"x", case_id=uuid4(), file_id=uuid4())
    destroy_case_key(case_id)
    with pytest.raises(KeyDestroyed):
        open_file(case_id=case_id, file_id=file_id)


def test_a_removed_file_is_gone(case_id: UUID, file_id: UUID) -> None:
    remove_file(file_id=file_id)
    assert not path_of(file_id).exists()
    remove_file(file_id=file_id)
    remove_file(file_id=uuid4())


def test_reading_goes_on_after_its_unit_of_work(
    case_id: UUID, file_id: UUID, settings: Any
) -> None:
    """A response is streamed when the request's key cache is closed already."""
    from encryption.unit_of_work import key_cache

    with key_cache():
        chunks = open_file(case_id=case_id, file_id=file_id)
    assert b"".join(chunks) == CONTENT
