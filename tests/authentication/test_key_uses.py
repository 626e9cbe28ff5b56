"""The secrets of second factors follow the ring."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.core.management import call_command

from authentication.forged import found
from authentication.key_uses import USES
from authentication.mfa import marks as bound
from authentication.mfa.adapter import PURPOSE
from authentication.mfa.marks import all_rows
from authentication.sso import links as sso_links
from authentication.sso import marks as sso_bound
from encryption.casekeys import create_case_key, sealing_key
from encryption.provider import create_keyring_file, forget_keyring, key_provider
from encryption.purposes import open_text, ring_key_of, seal_text
from encryption.ringfile import add_ring_key, remove_ring_key
from encryption.rotating import rotate, why_needed


@pytest.fixture
def ring(tmp_path: Path, settings: Any, db: None) -> Iterator[Path]:
    settings.KEYRING_FILE = tmp_path / "ring.json"
    settings.DISPOSAL_REGISTER = tmp_path / "disposals.jsonl"  # that of the tests is of their ring
    create_keyring_file(settings.KEYRING_FILE)
    yield settings.KEYRING_FILE
    forget_keyring()


def no_step(_done: int) -> None:
    pass


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
    use, _links = USES
    assert use.leaning() == {old: 3}
    assert "3 second factors" in why_needed(old)
    assert use.reseal() == 3
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
    remove_ring_key(ring, old, lambda: why_needed(old))
    forget_keyring()
    assert {each.type for each in Authenticator.objects.all()} == set(kinds.values)


def test_links_are_marked_anew(ring: Path) -> None:
    user = get_user_model().objects.create(email="a@agency.example")
    old = key_provider().active
    made = sso_links.link(user, "work", "an identity")
    add_ring_key(ring)
    _factors, use = USES
    assert "1 links to other providers" in why_needed(old)
    assert (use.reseal(), use.reseal()) == (1, 0)
    assert use.leaning() == {key_provider().active: 1}
    remove_ring_key(ring, old, lambda: "")
    forget_keyring()
    assert sso_links.link_of("work", "an identity") == made


def test_what_bears_no_mark_of_ours_gets_none_by_a_rotation(ring: Path) -> None:
    user = get_user_model().objects.create(email="a@agency.example")
    other = get_user_model().objects.create(email="b@agency.example")
    old = key_provider().active
    moved = Authenticator.objects.create(user=user, type="webauthn", data={"credential": {}})
    all_rows().filter(pk=moved.pk).update(user=other)
    before = all_rows().get(pk=moved.pk).data
    add_ring_key(ring)
    for use in USES:
        assert use.leaning() == {}
        assert use.reseal() == 0
    assert all_rows().get(pk=moved.pk).data == before
    assert why_needed(old) == ""


def test_a_key_that_was_taken_off_by_hand_is_missed(ring: Path, capsys: Any) -> None:
    """It is named, and what it marked counts again, and is marked anew, once it is back."""
    user = get_user_model().objects.create(email="a@agency.example")
    old = key_provider().active
    made = Authenticator.objects.create(user=user, type="webauthn", data={"credential": {}})
    new = add_ring_key(ring)
    with_both = ring.read_bytes()
    remove_ring_key(ring, old, lambda: "")
    forget_keyring()
    assert not Authenticator.objects.exists()
    assert rotate(no_step).gone == {"second factors": {old: 1}}
    call_command("keys", "rotate", "--restarted")
    said = capsys.readouterr().out
    assert f"1 second factors, marked under ring keys that are not on the ring ('{old}')" in said
    ring.write_bytes(with_both)
    forget_keyring()
    assert why_needed(old) == "1 second factors"
    assert rotate(no_step).gone == {}
    assert Authenticator.objects.get().pk == made.pk
    assert why_needed(old) == ""
    assert why_needed(new) == "1 second factors"


UNKNOWN = ["1.ring-gone.AAAA", "1..AAAA", "1.", "x", "1.\x1b[2Jé.A", "1." + "x" * 9000 + ".A", 7]


@pytest.mark.parametrize("mark", UNKNOWN, ids=range(len(UNKNOWN)))
def test_a_forged_mark_stops_no_rotation(ring: Path, capsys: Any, mark: object) -> None:
    user = get_user_model().objects.create(email="a@agency.example")
    theirs = get_user_model().objects.create(email="b@agency.example")
    old = key_provider().active
    create_case_key(case_id := uuid4())
    key = sealing_key(case_id).derive(b"x")
    Authenticator.objects.create(user=theirs, type="webauthn", data={"credential": {}})
    sso_links.link(theirs, "work", "an identity")
    forged = Authenticator(user=user, type="webauthn", data={"credential": {}, "mark": mark})
    link = SocialAccount(user=user, provider="work", uid="x", extra_data={"mark": mark})
    Authenticator._base_manager.bulk_create([forged])
    link.save()
    new = add_ring_key(ring)
    call_command("keys", "rotate", "--restarted")
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert len(said) < 2000
    name = mark.split(".")[1] if isinstance(mark, str) and mark.count(".") == 2 else ""
    assert said.count("not on the ring") == (2 if name else 0)
    assert f"keys retire {old}" in said  # nothing needs it any more
    remove_ring_key(ring, old, lambda: why_needed(old))
    forget_keyring()
    # The case's two and the register's, as the link left evidence.
    assert why_needed(new) == "3 case keys, 1 second factors, 1 links to other providers"
    assert sealing_key(case_id).derive(b"x") == key
    # Refused as before, and named.
    assert [each.user for each in Authenticator.objects.all()] == [theirs]
    assert sso_links.link_of("work", "x") is None
    assert all_rows().get(pk=forged.pk).data == forged.data
    named = {what.what for what in found()}
    assert named == {bound.said_of(forged), sso_bound.said_of(link)}
