"""The same code, the last factor and the same reset, at once, with real threads on PostgreSQL."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from authentication.mfa_reset import actions as resets
from authentication.models import FactorReset, UsedCode
from outbox.models import Message
from sessions.actions import KEY
from tests.authentication.factor_rows import asked
from tests.authentication.factor_steps import (
    CHOSEN,
    by_email,
    code_at,
    is_in,
    passworded,
    proved,
    secret_on,
    send_code,
    with_app,
    with_codes,
)
from tests.patience import PATIENCE
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keystore"])

AT = "/accounts/second-factor/"
HANDS = 4


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def person(cast):
    return cast.users["requester"]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Start the acts together; what each gave."""
    gate, gave = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        try:
            gate.wait(PATIENCE)
            gave[number] = acts[number]()
        except (TransitionRefused, PermissionDenied) as no:
            gave[number] = type(no).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return gave


def typed_at_once(person: Any, code: str) -> int:
    """How many of some browsers get in that send the same code at once."""
    assert connection.vendor == "postgresql"
    clients = [passworded(person) for _ in range(HANDS)]
    sent = at_once(*[lambda each=each: send_code(each, code).status_code for each in clients])
    assert sorted(sent) == [200] * (HANDS - 1) + [302]
    return sum(is_in(each) for each in clients)


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_one_code_lets_one_browser_in(person):
    with_app(person)
    assert typed_at_once(person, code_at()) == 1
    assert UsedCode.objects.count() == 1


def test_one_recovery_code_lets_one_browser_in(person):
    with_app(person)
    codes = with_codes(person)
    assert typed_at_once(person, codes[0]) == 1
    left = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(left) == len(codes) - 1


def test_of_two_last_ones_that_go_at_once_one_stays(person):
    with_app(person)
    passkey = Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "Key", "credential": {}}
    )
    one, other = proved(person), proved(person)
    at_once(
        lambda: one.post(f"{AT}app/remove/").status_code,
        lambda: other.post(f"{AT}passkeys/{passkey.pk}/remove/").status_code,
    )
    assert Authenticator.objects.filter(user=person).count() == 1


def test_two_apps_set_up_at_once_are_one(person):
    clients = [by_email(person), passworded(person, password=CHOSEN)]
    session = clients[1].session
    session[KEY] = clients[0].session[KEY]
    session.save()
    secrets = [secret_on(each.get(f"{AT}app/")) for each in clients]
    sent = at_once(
        lambda: clients[0].post(f"{AT}app/", {"code": code_at(0, secrets[0])}).status_code,
        lambda: clients[1].post(f"{AT}app/", {"code": code_at(1, secrets[1])}).status_code,
    )
    assert sent == [302, 302]
    assert Authenticator.objects.filter(user=person, type="totp").count() == 1


def test_two_who_approve_at_once_reset_once(cast):
    row = asked(cast)
    by = [cast.trust_manager, cast.administrator]
    rows = [FactorReset.objects.get(pk=row.pk) for _ in by]
    gave = at_once(
        lambda: resets.approve(rows[0], by=by[0]).status,
        lambda: resets.approve(rows[1], by=by[1]).status,
    )
    assert sorted(gave) == ["TransitionRefused", "approved"]
    assert Message.objects.filter(topic="reset.approved").count() == 1
    assert not Authenticator.objects.exists()


def test_two_who_ask_at_once_ask_once(cast):
    with_app(cast.users["trust_nurse"])
    spoc, manager = cast.trust_spoc, cast.trust_manager
    gave = at_once(lambda: asked(cast, by=spoc).status, lambda: asked(cast, by=manager).status)
    assert sorted(gave) == ["TransitionRefused", "asked"]
    assert FactorReset.objects.count() == 1
