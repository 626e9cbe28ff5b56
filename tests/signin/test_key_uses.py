"""The secrets of second factors follow the ring."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model

from encryption.provider import create_keyring_file, forget_keyring, key_provider
from encryption.purposes import open_text, ring_key_of, seal_text
from encryption.ringfile import add_ring_key
from encryption.rotating import why_needed
from signin.factors_adapter import PURPOSE
from signin.key_uses import USES


@pytest.fixture
def ring(tmp_path: Path, settings: Any, db: None) -> Iterator[Path]:
    settings.KEYRING_FILE = tmp_path / "ring.json"
    settings.DISPOSAL_REGISTER = tmp_path / "disposals.jsonl"  # that of the tests is of their ring
    create_keyring_file(settings.KEYRING_FILE)
    yield settings.KEYRING_FILE
    forget_keyring()


def test_secrets_are_sealed_anew_and_open_as_before(ring: Path) -> None:
    user = get_user_model().objects.create(email="a@agency.example")
    old = key_provider().active
    kinds = Authenticator.Type
    for kind, data in {
        kinds.TOTP: {"secret": seal_text(PURPOSE, "one")},
        kinds.RECOVERY_CODES: {
            "seed": seal_text(PURPOSE, "two"),
            "migrated_codes": [seal_text(PURPOSE, "three")],
            "used_mask": 5,
        },
        kinds.WEBAUTHN: {"name": "x", "credential": {"secret": "1.a.b"}},
    }.items():
        Authenticator.objects.create(user=user, type=kind, data=data)
    add_ring_key(ring)
    [use] = USES
    assert use.leaning() == {old: 3}
    assert "3 second factors" in why_needed(old)
    assert use.reseal() == 2
    assert use.reseal() == 0
    assert use.leaning() == {key_provider().active: 3}
    codes = Authenticator.objects.get(type=kinds.RECOVERY_CODES).data
    assert codes["used_mask"] == 5
    assert open_text(PURPOSE, codes["migrated_codes"][0]) == "three"
    assert open_text(PURPOSE, codes["seed"]) == "two"
    secret = Authenticator.objects.get(type=kinds.TOTP).data["secret"]
    assert ring_key_of(secret) == key_provider().active
    assert open_text(PURPOSE, secret) == "one"
    assert {open_it() for _row, open_it in use.texts()} == {"one", "two", "three"}
