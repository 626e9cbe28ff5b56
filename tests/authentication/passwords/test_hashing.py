"""Hashing passwords bounds itself, and is not begun for whoever tries too many (M7)."""

import threading

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from authentication.passwords import hashers as ours
from authentication.throttling.guesses import FROM_ADDRESS
from portal.settings import base
from tests.cast import PASSWORD
from tests.patience import PATIENCE

pytestmark = pytest.mark.django_db

HOME = "192.0.2.10"
WRONG = "not the pass phrase at all"


def tried(account, password=WRONG, client=None, address=HOME):
    words = {"login": account, "password": password}
    return (client or Client()).post("/accounts/login/", words, REMOTE_ADDR=address)


@pytest.fixture
def hashed(monkeypatch):
    """How often a password is hashed, for somebody who is there or for nobody."""
    count = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        count.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return count


def test_strangers_at_one_address_are_refused_before_anything_is_hashed(cast, hashed):
    for number in range(FROM_ADDRESS.tries):
        assert tried(f"nobody{number}@agency.example").status_code == 200
    before = len(hashed)
    assert before >= FROM_ADDRESS.tries
    for number in range(30):
        answer = tried(f"another{number}@agency.example")
        assert "Too many passwords were tried from your network" in answer.content.decode()
    assert len(hashed) == before
    assert tried(cast.users["officer"].email, PASSWORD, address="192.0.2.11").status_code == 302


def test_whoever_has_signed_in_in_this_browser_before_is_not_held_up(cast):
    officer, client = cast.users["officer"].email, Client()
    assert tried(officer, PASSWORD, client).status_code == 302
    client.post("/accounts/logout/")
    for number in range(FROM_ADDRESS.tries):
        tried(f"nobody{number}@agency.example")
    assert tried(cast.users["requester"].email, PASSWORD).status_code == 200
    assert tried(officer, PASSWORD, client).status_code == 302


def test_a_staff_room_that_signs_in_at_nine_is_not_held_up(cast):
    everybody = [user.email for user in cast.users.values()] * 2
    assert len(everybody) > FROM_ADDRESS.tries
    assert {tried(each, PASSWORD).status_code for each in everybody} == {302}


@pytest.fixture
def argon2(settings):
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    hashers.get_hashers.cache_clear()
    hashers.get_hashers_by_algorithm.cache_clear()
    yield
    hashers.get_hashers.cache_clear()
    hashers.get_hashers_by_algorithm.cache_clear()


def test_passwords_are_hashed_as_before(argon2):
    made = hashers.make_password("a pass phrase")
    assert made.startswith("argon2$argon2id$")
    assert hashers.check_password("a pass phrase", made)
    assert not hashers.check_password("another", made)


def test_no_more_are_hashed_at_once_than_there_are_turns(argon2, monkeypatch):
    at_it, most, both = [], [], threading.Barrier(ours.AT_ONCE)

    def slow(self, password, salt):
        at_it.append(password)
        most.append(len(at_it))
        both.wait(PATIENCE)
        at_it.pop()
        return f"argon2$argon2id$v=19$m=1,t=1,p=1${salt}$x"

    monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", slow)
    monkeypatch.setattr(ours, "LONGEST_WAIT", PATIENCE)
    threads = [
        threading.Thread(target=hashers.make_password, args=("x",))
        for _each in range(4 * ours.AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(most) == len(threads)
    assert max(most) == ours.AT_ONCE


def test_whoever_gets_no_turn_is_told_so_and_nothing_of_the_password(cast, argon2, monkeypatch):
    monkeypatch.setattr(ours, "LONGEST_WAIT", 0.01)
    for _each in range(ours.AT_ONCE):
        assert ours._turns.acquire(timeout=PATIENCE)
    try:
        answer = tried(cast.users["officer"].email, PASSWORD)
    finally:
        for _each in range(ours.AT_ONCE):
            ours._turns.release()
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Too many people are using the service" in page
    assert PASSWORD not in page
    assert tried(cast.users["officer"].email, PASSWORD).status_code in {200, 302}
