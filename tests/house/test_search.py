"""The search for canaries finds them in whatever way they are written."""

import base64
import gzip
import json
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core import signing

from tests.house.canaries import Flock, Search, ways_to_write


def zipped(text):
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w:t>{text}</w:t>" * 3)
    return made.getvalue()


HIDDEN = {
    "upper": lambda text: text.upper().encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 shifted": lambda text: base64.b64encode(b"x" + text.encode()),
    "base64 shifted twice": lambda text: base64.b64encode(b"xy" + text.encode()),
    "base64 of utf-16": lambda text: base64.b64encode(text.encode("utf-16-le")),
    "zlib": lambda text: b"xxx" + zlib.compress(text.encode() * 9) + b"yyy",
    "gzip": lambda text: b"xxx" + gzip.compress(text.encode() * 9),
    "base64 of zlib": lambda text: base64.b64encode(zlib.compress(text.encode() * 9)),
    "a session": lambda text: signing.dumps({"a": text * 9}, compress=True).encode(),
    "a short session": lambda text: signing.dumps({"a": text}, compress=True).encode(),
    "json in json": lambda text: json.dumps(json.dumps({"a": text})).encode(),
    "a byte now and then": lambda text: (
        text[:5] + "\0" + text[5:13] + "\x80" + text[13:]
    ).encode(),
    "a document": zipped,
}


@pytest.mark.parametrize("way", HIDDEN)
def test_a_text_is_found_however_it_is_hidden(way):
    flock, other = Flock(), Flock()
    text = flock.text("a field")
    data = b"\xff\0 before " + HIDDEN[way](text) + b" after"
    assert {which for which, _ in Search(flock, other).found(data)} == {flock}
    assert not Search(other).found(data)


def test_a_text_is_found_in_every_writing_by_its_letters_and_by_its_accents():
    flock = Flock()
    for text in (flock.mark, flock.accents):
        for name, written in ways_to_write(text):
            assert Search(flock).found(b"\n" + written + b"\n", layers=0), name


@pytest.mark.parametrize("write", [
    str, lambda number: f"{number[:3]} {number[3:6]} {number[6:]}",
    lambda number: base64.b64encode(b"no. " + number.encode()).decode(),
    lambda number: number.encode("utf-16-le").hex(),
])  # fmt: skip
def test_numbers_are_found(write):
    flock = Flock()
    assert Search(flock).found(write(flock.number()).encode()) == set()  # not looked for yet
    number = flock.number()
    assert Search(flock).found(b"x" + write(number).encode() + b"y")


@pytest.mark.parametrize("way", ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"])
def test_dates_are_found(way):
    flock = Flock()
    day = flock.date().replace(day=12)
    flock.dates.add(day)
    assert Search(flock).found(day.strftime(way).encode())


def test_contents_are_found():
    flock = Flock()
    content = flock.content(start=b"%PDF-1.7")
    for data in (content, base64.b64encode(content), content.hex().encode()):
        assert Search(flock).found(b"--" + data + b"--")


def test_nothing_is_found_where_nothing_is():
    flock = Flock()
    flock.text("a"), flock.number(), flock.date(), flock.content()
    assert not Search(flock).found(b"Qz7-canary 999 1907-01-01 " * 1000)
