"""The key ring: each thing that can be wrong with it has a message that says what to do."""

import base64
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from encryption.errors import KeyringFault
from encryption.provider import (
    FileKeyProvider,
    create_keyring_file,
    forget_keyring,
    key_check,
    key_provider,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ring.json"
    create_keyring_file(path)
    return path


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    yield
    forget_keyring()


def entry(byte: int = 7, name: str = "ring") -> dict[str, str]:
    key = bytes([byte]) * 32
    return {"id": f"{name}-{key_check(key)}", "key": base64.b64encode(key).decode()}


def fault(path: Path) -> str:
    with pytest.raises(KeyringFault) as raised:
        FileKeyProvider.read(path)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    return str(raised.value)


def test_a_new_ring_is_private_and_works(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    ring = FileKeyProvider.read(path)
    name, blob = ring.wrap(b"k" * 32, b"context")
    assert name == ring.active
    assert ring.unwrap(name, blob, b"context") == b"k" * 32
    assert len(ring.token_key()) == 32
    shown = repr(ring)
    assert all(base64.b64encode(each).decode() not in shown for each in ring.keys.values())
    assert str(ring.keys) not in shown


def test_a_ring_is_never_overwritten(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(KeyringFault, match="already a key ring"):
        create_keyring_file(path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_ring_without_a_directory_is_said(tmp_path: Path) -> None:
    with pytest.raises(KeyringFault, match="Make its directory"):
        create_keyring_file(tmp_path / "nowhere" / "ring.json")


def test_the_first_key_wraps_and_any_unwraps_by_its_id(path: Path) -> None:
    old = FileKeyProvider.read(path)
    name, blob = old.wrap(b"k" * 32, b"context")
    raw = json.loads(path.read_text())
    raw["keys"].insert(0, entry())
    path.write_text(json.dumps(raw))
    ring = FileKeyProvider.read(path)
    assert ring.wrap(b"k" * 32, b"context")[0] == entry()["id"]
    assert ring.unwrap(name, blob, b"context") == b"k" * 32
    with pytest.raises(KeyringFault, match="does not unwrap"):
        ring.unwrap(entry()["id"], blob, b"context")
    with pytest.raises(KeyringFault, match="does not unwrap"):
        ring.unwrap(name, blob, b"another context")
    with pytest.raises(KeyringFault, match="Put that key back"):
        ring.unwrap("ring-gone", blob, b"context")


def test_missing(tmp_path: Path) -> None:
    said = fault(tmp_path / "ring.json")
    assert "keys create" in said
    assert "restore it from its backup" in said


def test_unreadable(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "cannot be read (Permission denied). Give the account" in fault(path)


def test_not_a_file(tmp_path: Path) -> None:
    assert "cannot be read" in fault(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_readable_by_others(path: Path, mode: int) -> None:
    path.chmod(mode)
    assert "chmod 600" in fault(path)


@pytest.mark.parametrize("text", ["", "no json", "[]", '"x"', "\xff", "{"])
def test_empty_or_something_else(path: Path, text: str) -> None:
    path.write_bytes(text.encode("latin-1"))
    assert "empty or is not a key ring. Restore" in fault(path)


def changed(path: Path, change: Callable[[dict[str, Any]], Any]) -> str:
    raw = json.loads(path.read_text())
    change(raw)
    path.write_text(json.dumps(raw))
    said = fault(path)
    for each in [*(raw.get("keys") or []), raw.get("token_key")]:
        if isinstance(each, dict) and each.get("key"):
            assert each["key"] not in said
    return said


def test_no_keys(path: Path) -> None:
    assert "holds no keys" in changed(path, lambda raw: raw.update(keys=[]))
    assert "holds no keys" in changed(path, lambda raw: raw.pop("keys"))


def test_a_key_twice(path: Path) -> None:
    assert "twice. Remove one" in changed(path, lambda raw: raw["keys"].append(raw["keys"][0]))


def test_no_token_key(path: Path) -> None:
    assert "without a usable id" in changed(path, lambda raw: raw.pop("token_key"))


def test_one_key_for_two_uses(path: Path) -> None:
    assert "also a ring key" in changed(path, lambda raw: raw.update(token_key=raw["keys"][0]))


@pytest.mark.parametrize("where", ["keys", "token_key"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda key: ("B" if key[0] == "A" else "A") + key[1:],
        lambda key: key[:-4],
        lambda key: key + "AAAA",
        lambda key: "!" + key[1:],
        lambda _key: "",
        lambda _key: 5,
        lambda _key: None,
    ],
    ids=["changed", "short", "long", "not base64", "empty", "number", "null"],
)
def test_a_damaged_key_is_named(path: Path, damage: Callable[[str], Any], where: str) -> None:
    raw = json.loads(path.read_text())
    damaged = raw[where][0] if where == "keys" else raw[where]
    name = damaged["id"]
    damaged["key"] = damage(damaged["key"])
    path.write_text(json.dumps(raw))
    assert f"Key {name} on the key ring" in fault(path)
    assert "is damaged. Restore" in fault(path)


@pytest.mark.parametrize("name", [None, "", 5, "x" * 101])
def test_an_unusable_id(path: Path, name: object) -> None:
    assert "without a usable id" in changed(path, lambda raw: raw["keys"][0].update(id=name))


def test_an_exchanged_key_is_named(path: Path) -> None:
    said = changed(path, lambda raw: raw["keys"][0].update(key=entry()["key"]))
    assert "is damaged" in said


def test_the_ring_is_read_once_for_each_path(path: Path, tmp_path: Path, settings: Any) -> None:
    settings.KEYRING_FILE = path
    first = key_provider()
    path.unlink()
    assert key_provider() is first
    settings.KEYRING_FILE = tmp_path / "other.json"
    with pytest.raises(KeyringFault):
        key_provider()
    create_keyring_file(settings.KEYRING_FILE)
    assert key_provider() is not first
    settings.KEYRING_FILE = ""
    with pytest.raises(KeyringFault, match="KEYRING_FILE is not set"):
        key_provider()


def test_the_command_makes_and_refuses(tmp_path: Path, settings: Any, capsys: Any) -> None:
    settings.KEYRING_FILE = tmp_path / "ring.json"
    call_command("keys", "create")
    said = capsys.readouterr().out
    assert "Back it up" in said
    ring = json.loads(settings.KEYRING_FILE.read_text())
    assert all(each["key"] not in said for each in [*ring["keys"], ring["token_key"]])
    with pytest.raises(CommandError, match="already a key ring"):
        call_command("keys", "create")
    os.truncate(settings.KEYRING_FILE, 0)
    with pytest.raises(CommandError, match="Restore"):
        call_command("keys", "check")
