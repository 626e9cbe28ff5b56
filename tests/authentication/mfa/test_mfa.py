"""A second factor stands before everything, and each code is taken once."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from authentication.mfa.factors import remove_all
from authentication.models import UsedCode
from authentication.tasks import forget_used_codes
from outbox.models import Message
from tests.authentication.factor_steps import (
    CHOSEN,
    by_email,
    code_at,
    is_in,
    later,
    passworded,
    proved,
    secret_on,
    send_code,
    with_app,
    with_codes,
)
from tests.cast import PASSWORD
from tests.plugins.people import sign_in

pytestmark = pytest.mark.django_db

AT = "/accounts/second-factor/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def person(cast):
    return cast.users["requester"]


# Setting up


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_whoever_has_none_sets_one_up_and_reaches_nothing_else(person):
    client = by_email(person)
    for path in ("/", "/requests/", "/kept/", "/accounts/password/change/", f"{AT}passkeys/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, AT), path
    assert client.post("/requests/start/").status_code == 302
    page = client.get(AT).content.decode()
    assert "Set up a second sign-in method" in page
    assert client.get("/accessibility/").status_code == 200
    page = client.get(f"{AT}app/")
    assert page.status_code == 200
    answer = client.post(f"{AT}app/", {"code": code_at(secret=secret_on(page))})
    assert answer["Location"] == f"{AT}recovery-codes/"
    codes = client.get(f"{AT}recovery-codes/").content.decode()
    assert codes.count("<li>") >= 10
    assert is_in(client)


def test_the_codes_are_shown_once(person):
    client = proved(person)
    with_app(person)
    codes = with_codes(person)
    assert codes[0] in client.get(f"{AT}recovery-codes/").content.decode()
    again = client.get(f"{AT}recovery-codes/").content.decode()
    assert codes[0] not in again
    assert "shown once" in again
    client.post(f"{AT}recovery-codes/new/")
    page = client.get(f"{AT}recovery-codes/").content.decode()
    assert codes[0] not in page
    assert Message.objects.filter(topic="signin.codes_made", about=str(person.pk)).count() == 1
    assert send_code(passworded(person), codes[0]).status_code == 200


def test_a_wrong_code_sets_up_nothing_and_says_so(person):
    client = by_email(person)
    page = client.get(f"{AT}app/")
    wrong = client.post(f"{AT}app/", {"code": code_at(step=9, secret=secret_on(page))})
    assert "That is not the right code" in wrong.content.decode()
    assert secret_on(wrong) == secret_on(page)
    for nothing in (
        {},
        {"code": ""},
        {"code": "x" * 90},
        {"code": "\N{ARABIC-INDIC DIGIT ONE}" * 6},
    ):
        assert client.post(f"{AT}app/", nothing).status_code == 200
    assert not Authenticator.objects.exists()
    assert client.get("/").status_code == 302


def test_the_code_that_set_up_the_app_signs_in_nobody(person):
    client = by_email(person)
    page = client.get(f"{AT}app/")
    code = code_at(secret=secret_on(page))
    assert client.post(f"{AT}app/", {"code": code}).status_code == 302
    answer = send_code(passworded(person, password=CHOSEN), code)
    assert "used already" in answer.content.decode()
    with later(60):
        again = passworded(person, password=CHOSEN)
        assert send_code(again, code_at(secret=secret_on(page))).status_code == 302
        assert is_in(again)


def test_a_doubled_post_sets_up_one(person):
    client = by_email(person)
    page = client.get(f"{AT}app/")
    code = {"code": code_at(secret=secret_on(page))}
    assert [client.post(f"{AT}app/", code).status_code for _ in range(2)] == [302, 302]
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_setting_one_up_ends_the_other_sessions_and_tells_the_person(person):
    client = by_email(person)
    other = proved(person)
    page = client.get(f"{AT}app/")
    client.post(f"{AT}app/", {"code": code_at(secret=secret_on(page))})
    assert is_in(client)
    assert not is_in(other)
    assert Message.objects.filter(topic="signin.factor_added", about=str(person.pk)).count() == 1
    event = Event.objects.get(move="factor.add")
    assert (event.person, event.details) == (str(person.pk), {"kind": "totp"})


def test_new_recovery_codes_end_the_other_sessions(person):
    with_app(person)
    here, other = proved(person), proved(person)
    assert here.post(f"{AT}recovery-codes/new/").status_code == 302
    assert is_in(here)
    assert not is_in(other)


# Signing in


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_a_password_alone_lets_nobody_in(person):
    with_app(person)
    client = passworded(person)
    assert not is_in(client)
    assert send_code(client, "000000").status_code == 200
    assert not is_in(client)
    assert send_code(client, code_at()).status_code == 302
    assert is_in(client)


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_a_sign_in_begun_with_a_password_ends_when_that_is_changed(person):
    with_app(person)
    thief, owner = passworded(person), proved(person)
    changed = {"oldpassword": PASSWORD, "password1": CHOSEN, "password2": CHOSEN}
    assert owner.post("/accounts/password/change/", changed).status_code == 302
    assert send_code(thief, code_at())["Location"] == "/accounts/login/"
    assert not is_in(thief)
    assert thief.get("/accounts/login/").status_code == 200
    assert is_in(owner)


@pytest.mark.parametrize("of", ["/accounts/login/", f"{AT}code/"])
def test_whoever_waits_at_the_code_signs_in_anew_after_a_reset(person, of):
    with_app(person)
    client = passworded(person)
    remove_all(person)
    page = client.get(of, follow=True)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/accounts/login/")
    assert passworded(person, client).get("/")["Location"] == AT


def test_a_session_that_did_not_use_the_factor_proves_it_first_and_cannot_add_another(person):
    with_app(person)
    client = sign_in(Client(), person)
    to_prove = f"{AT}prove/"
    assert client.get("/requests/")["Location"] == f"{to_prove}?next=/requests/"
    for path in (AT, f"{AT}app/", f"{AT}passkeys/add/", f"{AT}recovery-codes/"):
        assert client.get(path)["Location"].startswith(to_prove), path
        assert client.post(path)["Location"].startswith(to_prove), path
    assert client.get("/accounts/reauthenticate/")["Location"].startswith(to_prove)
    assert client.get(to_prove).status_code == 200
    answer = client.post(to_prove, {"code": code_at(), "next": "/requests/"})
    assert answer["Location"] == "/requests/"
    assert is_in(client)


def test_each_code_is_taken_once_within_the_time_in_which_clocks_may_differ(person):
    with_app(person)
    code = code_at()
    assert send_code(passworded(person), code).status_code == 302
    for seconds in (0, 29, 31):
        with later(seconds):
            again = passworded(person)
            said = send_code(again, code).content.decode()
            assert "used already" in said or "not the right code" in said
            assert not is_in(again)


def test_it_is_the_table_and_not_the_cache_that_remembers(person):
    from django.core.cache import cache

    with_app(person)
    code = code_at()
    assert send_code(passworded(person), code).status_code == 302
    cache.clear()
    assert send_code(passworded(person), code).status_code == 200
    assert UsedCode.objects.filter(user=person, of="app").count() == 1


@pytest.mark.parametrize(("step", "status"), [(-2, 200), (-1, 302), (1, 302), (2, 200)])
def test_clocks_may_differ_by_one_step(person, step, status):
    with_app(person)
    assert send_code(passworded(person), code_at(step)).status_code == status


def test_a_recovery_code_works_once(person):
    with_app(person)
    codes = with_codes(person)
    client = passworded(person)
    assert send_code(client, codes[3]).status_code == 302
    assert is_in(client)
    again = passworded(person)
    assert "used already" in send_code(again, codes[3]).content.decode()
    assert not is_in(again)
    assert send_code(again, codes[4]).status_code == 302


def test_nobody_signs_in_with_the_code_of_another(cast, person):
    with_app(cast.users["officer"])
    with_codes(person)
    with_app(person).delete()
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(person, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")
    assert send_code(passworded(person), code_at()).status_code == 200


def test_too_many_wrong_codes_are_refused_for_a_while(person):
    with_app(person)
    client = passworded(person)
    for _ in range(6):
        answer = send_code(client, "123456")
    assert "Too many wrong codes" in answer.content.decode()
    assert "Too many wrong codes" in send_code(client, code_at()).content.decode()


def test_old_codes_are_swept_and_new_ones_kept(person):
    UsedCode.objects.create(user=person, of="app", number=1, at=timezone.now() - timedelta(days=2))
    UsedCode.objects.create(user=person, of="app", number=2)
    forget_used_codes()
    assert [each.number for each in UsedCode.objects.all()] == [2]


@pytest.mark.parametrize(
    "name", ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate"]
)
def test_visitors_are_sent_to_sign_in(db, name):
    assert Client().get(reverse(name))["Location"].startswith("/accounts/login/")
