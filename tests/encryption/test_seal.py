"""Sealing one value: known answers, padding, and everything that must not open."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encryption import aead
from encryption import seal as room
from encryption.errors import SealBroken
from encryption.seal import FIELD_KEY, Place, bucket, length_prefixed, open_sealed, seal
from encryption.unit_of_work import DataKey

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text())
KEY = bytes(range(32))
HERE = Place("note.body", uuid4(), uuid4(), 3)


def sealed(plain: bytes = b"Zebedee", generation: int = 1) -> bytes:
    return seal(plain, key=KEY, generation=generation, place=HERE)


def refused(token: bytes, *, key: bytes = KEY, place: Place = HERE) -> str:
    with pytest.raises(SealBroken) as broken:
        open_sealed(token, key=key, place=place)
    assert "Restore" in str(broken.value)
    assert "Zebedee" not in str(broken.value)
    return str(broken.value)


@pytest.mark.parametrize("vector", VECTORS["fields"], ids=range(len(VECTORS["fields"])))
def test_known_answers(vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The format is written down in bytes: what is sealed today opens in ten years."""
    key = bytes.fromhex(VECTORS["field_key"])
    assert DataKey(1, bytes.fromhex(VECTORS["secret"])).derive(FIELD_KEY) == key
    place = Place(
        vector["label"], UUID(VECTORS["row_id"]), UUID(VECTORS["case_id"]), vector["version"]
    )
    token, plain = bytes.fromhex(vector["sealed"]), bytes.fromhex(vector["plain"])
    assert open_sealed(token, key=key, place=place) == plain
    monkeypatch.setattr(aead, "urandom", lambda _size: bytes.fromhex(vector["nonce"]))
    assert seal(plain, key=key, generation=vector["generation"], place=place) == token


@given(st.binary(max_size=5000))
def test_opens_where_it_was_sealed(plain: bytes) -> None:
    token = sealed(plain)
    assert open_sealed(token, key=KEY, place=HERE) == plain
    assert sealed(plain) != token
    assert len(token) == 3 + 12 + bucket(len(plain) + 4) + 16


@pytest.mark.parametrize(
    ("size", "padded"),
    [(0, 64), (60, 64), (61, 128), (124, 128), (125, 256), (252, 256), (508, 512), (509, 1024),
     (1020, 1024), (1021, 2048), (2044, 2048), (2045, 3072)],
)  # fmt: skip
def test_lengths_tell_little(size: int, padded: int) -> None:
    assert len(sealed(b"x" * size)) == 3 + 12 + padded + 16


@pytest.mark.parametrize(
    "change",
    [
        {"label": "note.title"},
        {"row_id": uuid4()},
        {"case_id": uuid4()},
        {"row_id": HERE.case_id, "case_id": HERE.row_id},
        {"version": 2},
        {"version": 4},
    ],
    ids=["column", "row", "case", "row and case exchanged", "older", "newer"],
)
def test_opens_nowhere_else(change: dict[str, Any]) -> None:
    refused(sealed(), place=replace(HERE, **change))


def test_opens_under_no_other_key_or_generation() -> None:
    refused(sealed(), key=bytes(32))
    token = bytearray(sealed(generation=1))
    token[2] = 2
    refused(bytes(token))


@given(st.data())
def test_no_bit_can_change(data: st.DataObject) -> None:
    token = bytearray(sealed())
    at = data.draw(st.integers(0, len(token) * 8 - 1))
    token[at // 8] ^= 1 << at % 8
    refused(bytes(token))


@given(st.binary(max_size=300))
def test_no_other_bytes_open(token: bytes) -> None:
    refused(token)


@given(st.integers(0, 94))
def test_no_shorter_or_longer_bytes_open(length: int) -> None:
    refused(sealed()[:length])
    refused(sealed() + b"\0" * (length + 1))


@pytest.mark.parametrize(
    "inner",
    [
        b"\0\0\0\x08Zebedee" + b"\0" * 52 + b"\x01",
        b"\0\0\0\xffZebedee".ljust(64, b"\0"),
        b"\0\0\0\x07Zebedee".ljust(128, b"\0"),
    ],
    ids=["padding not zero", "length beyond the end", "wrong bucket"],
)
def test_padding_is_checked(inner: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_pad", lambda _plain: inner)
    refused(sealed())


def test_too_large_is_said() -> None:
    with pytest.raises(ValueError, match="keep it as a file"):
        sealed(bytes(room.LARGEST + 1))


@given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
def test_length_prefixed_is_one_to_one(one: list[bytes], other: list[bytes]) -> None:
    assert (length_prefixed(*one) == length_prefixed(*other)) == (one == other)
