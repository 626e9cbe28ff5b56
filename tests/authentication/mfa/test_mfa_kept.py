"""What is kept of second factors: never the last one less, and nothing that makes a code."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from encryption.errors import SealBroken
from encryption.purposes import open_text, seal_text
from outbox.models import Message
from tests.authentication.factor_steps import (
    SECRET,
    code_at,
    is_in,
    passworded,
    proved,
    send_code,
    with_app,
    with_codes,
)
from tests.authentication.soft_passkey import SoftPasskey

pytestmark = pytest.mark.django_db

AT = "/accounts/second-factor/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def person(cast):
    return cast.users["requester"]


# Taking away


def test_the_last_one_stays(person):
    factor = with_app(person)
    with_codes(person)
    client = proved(person)
    page = client.get(f"{AT}app/remove/").content.decode()
    assert "only second sign-in method" in page
    client.post(f"{AT}app/remove/")
    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_one_of_two_goes_and_the_person_is_told(person, settings):
    with_app(person)
    kept = Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "Key", "credential": {}}
    )
    client, other = proved(person), proved(person)
    assert client.post(f"{AT}app/remove/").status_code == 302
    assert [each.pk for each in Authenticator.objects.all()] == [kept.pk]
    assert client.post(f"{AT}app/remove/").status_code == 404
    assert Message.objects.filter(topic="signin.factor_removed").count() == 1
    assert (is_in(client), is_in(other)) == (True, False)
    page = client.get(f"{AT}passkeys/{kept.pk}/remove/").content.decode()
    assert "only second sign-in method" in page
    assert client.post(f"{AT}passkeys/{kept.pk}/remove/").status_code == 200
    assert Authenticator.objects.count() == 1


def test_where_none_is_required_the_last_goes_too(person, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    with_app(person)
    with_codes(person)
    assert proved(person).post(f"{AT}app/remove/").status_code == 302
    assert not Authenticator.objects.exists()


def test_nobody_names_or_takes_away_the_passkey_of_another(cast, person):
    with_app(person)
    theirs = Authenticator.objects.create(
        user=cast.users["officer"], type="webauthn", data={"name": "Key", "credential": {}}
    )
    client = proved(person)
    for what in ("remove", "name"):
        assert client.get(f"{AT}passkeys/{theirs.pk}/{what}/").status_code == 404
        assert client.post(f"{AT}passkeys/{theirs.pk}/{what}/", {"name": "x"}).status_code == 404


NO_PASSKEYS = (
    "",
    "x",
    "null",
    "[]",
    "{}",
    '"text"',
    "1",
    '{"id": "a"}',
    '{"id": 1, "rawId": [], "response": 7}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30"}}',
    json.dumps({"response": {"userHandle": "\x00"}}),
    '{"x": "' + "a" * 30_000 + '"}',
)


@pytest.mark.parametrize("credential", NO_PASSKEYS, ids=range(len(NO_PASSKEYS)))
def test_an_answer_that_is_no_passkey_is_refused_in_words(person, credential):
    answered = {"credential": credential}
    assert Client().post(f"{AT}passkeys/sign-in/", answered).status_code == 302
    with_app(person)
    client = proved(person)
    assert client.post(f"{AT}passkeys/add/", answered).status_code == 200
    assert client.post(f"{AT}passkeys/prove/", answered).status_code in (200, 302)
    assert passworded(person).post(f"{AT}code/", answered).status_code == 200
    assert Authenticator.objects.count() == 1


# At rest


def test_nothing_in_the_table_lets_anybody_make_a_code(person):
    with_app(person)
    codes = with_codes(person)
    seed = Authenticator.objects.get(type="recovery_codes").wrap()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        raw = " ".join(row[0] for row in cursor.fetchall())
    assert SECRET not in raw
    assert not any(code in raw for code in codes)
    assert open_text("second factor", seed.instance.data["seed"]) not in raw
    assert raw.count('"1.ring-') == 4  # two that are sealed, and each one's mark


def test_a_damaged_secret_lets_nobody_in_and_stands_before_no_other(person):
    factor = with_app(person)
    codes = with_codes(person)
    SoftPasskey(person).registered()
    secret = factor.data["secret"]
    factor.data["secret"] = secret[:-6] + ("AAAAA=" if secret.endswith("=") else "AAAAAA")
    factor.save()
    with pytest.raises(SealBroken):
        open_text("second factor", factor.data["secret"])
    client = passworded(person)
    assert send_code(client, code_at()).status_code == 200
    assert send_code(client, codes[0]).status_code == 302


def test_what_is_sealed_for_one_purpose_opens_for_no_other():
    with pytest.raises(SealBroken):
        open_text("another purpose", seal_text("second factor", SECRET))
