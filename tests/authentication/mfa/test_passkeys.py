"""A passkey asks its owner who they are, and answers the challenge that was put to it (M2)."""

import json
import re

import pytest
from django.test import Client

from tests.authentication.factor_steps import is_in, passworded, proved
from tests.authentication.soft_passkey import SoftPasskey

pytestmark = pytest.mark.django_db

AT = "/accounts/second-factor/"
SIGN_IN = f"{AT}passkeys/sign-in/"
CODE = f"{AT}code/"
PROVE = f"{AT}passkeys/prove/"
ADD = f"{AT}passkeys/add/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def person(cast):
    return cast.users["requester"]


@pytest.fixture
def passkey(person):
    key = SoftPasskey(person)
    key.registered()
    return key


def challenge(client, path):
    """Begin a ceremony; the challenge as the browser is told it."""
    ajax = {"X-Requested-With": "XMLHttpRequest"} if path == SIGN_IN else {}
    page = client.get(path, headers=ajax).content.decode()
    return re.search(r'"challenge": ?"([^"]+)"', page)[1]


def send(client, path, answer):
    return client.post(path, {"credential": json.dumps(answer)})


def test_it_signs_in_by_itself_once_its_owner_was_asked(passkey):
    client = Client()
    send(client, SIGN_IN, passkey.used(challenge(client, SIGN_IN), verified=True))
    assert is_in(client)


def test_it_signs_nobody_in_whom_it_did_not_ask(passkey):
    client = Client()
    send(client, SIGN_IN, passkey.used(challenge(client, SIGN_IN), verified=False))
    assert not is_in(client)


@pytest.mark.parametrize("verified", [False, True])
def test_a_challenge_of_the_second_step_signs_nobody_in_alone(cast, passkey, verified):
    """As it was done: a password of one's own, a colleague's stolen key, and no PIN."""
    attacker = cast.users["classmate"]
    SoftPasskey(attacker).registered()
    client = passworded(attacker)
    answer = passkey.used(challenge(client, CODE), verified=verified)
    send(client, SIGN_IN, answer)
    assert not is_in(client)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("verified", [False, True])
def test_after_the_password_its_owner_is_asked_too(person, passkey, verified):
    client = passworded(person)
    send(client, CODE, passkey.used(challenge(client, CODE), verified=verified))
    assert is_in(client) is verified


@pytest.mark.parametrize("verified", [False, True])
def test_to_prove_again_its_owner_is_asked_too(person, passkey, verified):
    client = proved(person)
    before = len(client.session["account_authentication_methods"])
    send(client, PROVE, passkey.used(challenge(client, PROVE), verified=verified))
    assert (len(client.session["account_authentication_methods"]) > before) is verified


@pytest.mark.parametrize(("begun", "answered"), [(ADD, PROVE), (PROVE, ADD), (SIGN_IN, CODE)])
def test_no_challenge_is_answered_in_another_ceremony(person, passkey, begun, answered):
    client = Client() if begun == SIGN_IN else proved(person)
    put = challenge(client, begun)
    if begun == SIGN_IN:
        client = passworded(person, client)
    new = SoftPasskey(person)
    answer = new.added(put, verified=True) if answered == ADD else passkey.used(put, verified=True)
    records = client.session.get("account_authentication_methods")
    send(client, answered, answer)
    assert client.session.get("account_authentication_methods") == records
    assert person.authenticator_set.count() == 1


def test_a_challenge_is_answered_once(passkey):
    client = Client()
    answer = passkey.used(challenge(client, SIGN_IN), verified=True)
    send(client, SIGN_IN, answer)
    assert is_in(client)
    other = Client()
    send(other, SIGN_IN, answer)
    client.post("/accounts/logout/")
    send(client, SIGN_IN, answer)
    assert not is_in(client)
    assert not is_in(other)


@pytest.mark.parametrize("verified", [False, True])
def test_only_one_that_asks_its_owner_is_added(person, verified):
    client = proved(person)
    new = SoftPasskey(person)
    page = client.get(ADD).content.decode()
    put = re.search(r'"challenge": ?"([^"]+)"', page)[1]
    answer = json.dumps(new.added(put, verified=verified))
    client.post(ADD, {"credential": answer, "name": "Work laptop"})
    assert person.authenticator_set.filter(type="webauthn").exists() is verified
