"""The keys are proved before anybody is served."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from encryption import startup
from encryption.casekeys import create_case_key, destroy_case_key
from encryption.checks import keys_are_right
from encryption.errors import KeyringFault
from encryption.models import CaseKey
from encryption.provider import create_keyring_file, forget_keyring, key_check, key_provider
from encryption.router import KeystoreRouter
from encryption.startup import check_keys
from tests.encryption.sample.models import Note


@pytest.fixture(autouse=True)
def ring(tmp_path: Any, settings: Any, db: None) -> Iterator[Any]:
    CaseKey.objects.all().delete()  # whatever an earlier ring of the tests has wrapped
    settings.KEYRING_FILE = tmp_path / "ring.json"
    settings.DISPOSAL_REGISTER = None  # it has tests of its own
    create_keyring_file(settings.KEYRING_FILE)
    yield settings.KEYRING_FILE
    forget_keyring()


def test_good_keys_pass(capsys: Any) -> None:
    check_keys()
    create_case_key(uuid4())
    check_keys()
    call_command("keys", "check")
    assert "undamaged" in capsys.readouterr().out


def test_no_ring(ring: Any) -> None:
    forget_keyring()
    ring.unlink()
    with pytest.raises(KeyringFault, match="keys create"):
        check_keys()
    with pytest.raises(CommandError, match="keys create"):
        call_command("keys", "check")


def test_another_ring(ring: Any, tmp_path: Any, settings: Any) -> None:
    case_id = uuid4()
    create_case_key(case_id)
    settings.KEYRING_FILE = tmp_path / "other.json"
    create_keyring_file(settings.KEYRING_FILE)
    with pytest.raises(KeyringFault, match="not on the key ring") as fault:
        check_keys()
    assert json.loads(ring.read_text())["keys"][0]["id"] in str(fault.value)
    destroy_case_key(case_id)
    check_keys()


def test_one_of_two_ring_keys_is_gone(ring: Any) -> None:
    create_case_key(uuid4())
    raw = json.loads(ring.read_text())
    key = b"7" * 32
    new = {"id": f"new-{key_check(key)}", "key": base64.b64encode(key).decode()}
    ring.write_text(json.dumps(raw | {"keys": [new, *raw["keys"]]}))
    forget_keyring()
    create_case_key(uuid4())
    check_keys()
    ring.write_text(json.dumps(raw))
    forget_keyring()
    with pytest.raises(KeyringFault, match=f"wrapped by ring key {new['id']}"):
        check_keys()


def test_a_damaged_keystore() -> None:
    create_case_key(uuid4())
    CaseKey.objects.update(wrapped=b"x" * 60)
    with pytest.raises(KeyringFault, match="Restore the keystore"):
        check_keys()


def test_a_keystore_without_its_table_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CaseKey._meta, "db_table", "not_made_yet")
    check_keys()


def test_a_keystore_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("secret address")

    monkeypatch.setattr(startup, "_one_for_each_ring_key", refuse)
    with pytest.raises(KeyringFault, match="does not answer") as fault:
        check_keys()
    assert "secret" not in str(fault.value)


def test_the_system_check(ring: Any) -> None:
    assert keys_are_right(databases=["default", "keystore"]) == []
    forget_keyring()
    ring.unlink()
    assert keys_are_right(databases=["default"]) == []
    assert keys_are_right() == []
    assert [each.id for each in keys_are_right(databases=["keystore"])] == ["encryption.E002"]


@pytest.mark.parametrize(
    ("database", "app", "model", "answer"),
    [("keystore", "encryption", "casekey", True), ("keystore", "encryption", None, True),
     ("default", "encryption", "casekey", False), ("keystore", "agencies", "agency", False),
     ("keystore", "contenttypes", None, False), ("default", "agencies", "agency", None)],
)  # fmt: skip
def test_only_case_keys_are_in_the_keystore(
    database: str, app: str, model: str | None, answer: bool | None
) -> None:
    assert KeystoreRouter().allow_migrate(database, app, model) is answer


def test_the_router_sends_each_model_home() -> None:
    router = KeystoreRouter()
    assert router.db_for_read(CaseKey) == router.db_for_write(CaseKey) == "keystore"
    assert router.db_for_read(Note) is None
    assert router.db_for_write(Note) is None
    assert router.allow_relation(Note(), Note()) is None


@pytest.mark.parametrize("word", ["none", "signing"])
def test_a_process_that_gets_no_ring_starts_without_and_reads_none(
    word: str, ring: Any, settings: Any
) -> None:
    settings.PORTAL_KEYS = word
    with pytest.raises(KeyringFault, match="belongs to another process"):
        key_provider()
    for command in ("check", "verify", "rotate"):
        with pytest.raises(CommandError, match="belongs to another process"):
            call_command("keys", command)
    forget_keyring()
    ring.unlink()
    check_keys()
    with pytest.raises(KeyringFault, match="belongs to another process"):
        create_case_key(uuid4())
