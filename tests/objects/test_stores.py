"""Folder and bucket do the same, and a bucket holds what a list of one page does not."""

import json
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from uuid import uuid4

import pytest

from encryption.files import name_of
from encryption.stores.bucket import InBucket
from encryption.stores.folder import Folder


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path):
    if request.param == "folder":
        return Folder(tmp_path / "files")
    return InBucket(request.getfixturevalue("bucket"), 2)


def a_name():
    return name_of(uuid4())


def whole(store, name):
    with store.open(name) as source:
        content = source.read()
        assert store.size(source) == len(content)
    return content


@pytest.mark.parametrize("size", [0, 1, 65_537, 3_000_000])
def test_what_was_put_is_there(store, size):
    name, content = a_name(), bytes(range(256)) * (size // 256 + 1)
    assert store.is_empty()
    assert store.put(name, [content[: size // 2], content[size // 2 : size]])
    assert whole(store, name) == content[:size]
    assert store.beginning(name, 19) == content[: min(size, 19)]
    assert list(store.names()) == [name]
    assert not store.is_empty()


def test_nothing_is_put_over_another(store):
    name = a_name()
    assert store.put(name, [b"first"])
    for content in (b"second", b"longer than the first", b""):
        assert not store.put(name, [content])
    assert whole(store, name) == b"first"
    assert list(store.names()) == [name]


def test_of_many_who_put_the_same_one_does(store):
    name = a_name()
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda each: store.put(name, [b"%d" % each]), range(8)))
    assert done.count(True) == 1
    assert whole(store, name) == b"%d" % done.index(True)


def test_what_is_not_there_is_said_so(store):
    for read in (store.open, lambda name: store.beginning(name, 19)):
        with pytest.raises(FileNotFoundError):
            read(a_name())
    assert list(store.names()) == []
    store.remove(a_name())


def test_what_was_removed_is_gone(store):
    kept, removed = a_name(), a_name()
    for name in (kept, removed):
        store.put(name, [name.encode()])
    for _twice in range(2):
        store.remove(removed)
    assert list(store.names()) == [kept]
    assert store.put(removed, [b"another"])


def test_who_reads_what_is_replaced_reads_it_to_its_end(store):
    name, old, new = a_name(), b"old" * 500_000, b"new" * 400_000
    store.put(name, [old])
    with store.open(name) as reading:
        first = reading.read(10)
        store.replace(name, [new[:7], new[7:]], lambda sealed: sealed.read())
        assert first + reading.read() == old
    assert whole(store, name) == new
    assert list(store.names()) == [name]


def test_what_is_held_and_found_wrong_replaces_nothing(store):
    name, expected_version = a_name(), BytesIO()
    store.put(name, [b"old"])

    def refuse(sealed):
        expected_version.write(sealed.read())
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - ours
        store.replace(name, [b"ne", b"w"], refuse)
    assert expected_version.getvalue() == b"new"
    assert whole(store, name) == b"old"
    assert list(store.names()) == [name]


def test_what_is_not_ours_is_in_no_list_and_still_not_nothing(store):
    for name in ("ab/.draft", "ab/some", f"ab/{uuid4()}x"):
        store.put(name, [b"x"])
    assert list(store.names()) == []
    assert not store.is_empty()


def test_a_list_of_more_than_one_page_is_whole_and_in_order(bucket, storage):
    names, keeper = sorted(a_name() for _each in range(1_003)), storage.keeper

    def put(name):
        keeper.put_object(Bucket=bucket.name, Key=bucket.prefix + name, Body=b"x")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, names))
    assert list(InBucket(bucket, 2).names()) == names


def test_of_another_prefix_nothing_is_seen(bucket, storage):
    storage.bend(bucket, "../" + a_name(), b"another's")
    keeper = storage.keeper
    keeper.put_object(Bucket=bucket.name, Key=a_name(), Body=b"another's")
    store = InBucket(bucket, 2)
    store.check()
    assert list(store.names()) == []
    nested = InBucket(bucket.below("of another"), 2)
    nested.put(a_name(), [b"x"])
    assert list(store.names()) == []


def test_an_object_has_an_id_and_no_words(bucket, storage):
    name = a_name()
    InBucket(bucket, 2).put(name, [b"sealed"])
    found = storage.keeper.head_object(Bucket=bucket.name, Key=bucket.prefix + name)
    assert found["Metadata"] == {}
    assert found["ContentType"] == "binary/octet-stream"
    assert list(storage.there(bucket)) == [f"files/{name}"]
    said = json.dumps(found["ResponseMetadata"]["HTTPHeaders"])
    assert "portal" not in said.lower()


def test_nobody_learns_the_secret_from_what_a_bucket_prints(bucket):
    assert bucket.secret not in repr(bucket) + str(bucket) + repr(InBucket(bucket, 2))
    assert bucket.key_id not in repr(bucket).replace(bucket.name, "")
