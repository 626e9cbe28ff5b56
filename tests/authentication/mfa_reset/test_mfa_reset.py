"""Lost devices: two people together, neither of them the person concerned."""

from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from agencies.grants import grant
from agencies.people.actions import leave
from agencies.permissions import Role
from audit.models import Event
from authentication.mfa_reset import actions as resets
from authentication.models import FactorReset
from outbox.models import Message
from outbox.tasks import writer_of
from tests.authentication.factor_rows import asked, member
from tests.authentication.factor_steps import is_in, later, passworded, proved, with_app, with_codes
from tests.plugins.people import sign_in
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db

LIST = "/people/resets/"


@pytest.fixture
def nurse(cast):
    user = cast.users["trust_nurse"]
    with_app(user)
    with_codes(user)
    return user


def at(name, row):
    return reverse(f"resets:{name}", args=[row.pk])


def the_notifications(topic, row):
    assert Message.objects.filter(topic=topic, about=str(row.pk), to="").count() == 1
    return writer_of(topic)(str(row.pk))


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_two_people_let_a_third_begin_again(cast, nurse, settings, signed_in):
    settings.SECOND_FACTOR_REQUIRED = True
    at_work = proved(nurse)
    assert is_in(at_work)
    spoc, manager = proved(cast.users["trust_spoc"]), proved(cast.users["trust_manager"])
    page = spoc.get(LIST).content.decode()
    assert page.count("Ask for a reset<") == 1
    membership = member(cast, "trust_nurse", "trust")
    path = at("ask", membership)
    assert "How do you know that it is them?" in spoc.get(path).content.decode()
    assert spoc.post(path).status_code == 422
    assert spoc.post(path, {"idempotency_key": str(uuid4()), "known": "met"}).status_code == 302
    row = FactorReset.objects.get()
    assert is_in(at_work)
    own = spoc.get(at("reset", row)).content.decode()
    assert "somebody else has to approve" in own
    assert "Approve the reset" not in own
    assert spoc.post(at("approve", row)).status_code == 403
    assert "You can approve" in manager.get(LIST).content.decode()
    assert "Approve the reset" in manager.get(at("reset", row)).content.decode()
    assert manager.post(at("approve", row)).status_code == 302
    assert not Authenticator.objects.filter(user=nurse).exists()
    assert not is_in(at_work)
    assert passworded(nurse).get("/")["Location"] == "/accounts/second-factor/"


def test_everybody_concerned_is_told_and_no_email_has_a_name(cast, nurse):
    row = resets.approve(asked(cast), by=cast.trust_manager)
    keepers = the_notifications("reset.asked", row)
    others = {str(cast.users[name].pk) for name in ("trust_manager", "administrator")}
    assert set(keepers.to) == others
    for topic in ("reset.told", "reset.approved"):
        assert set(the_notifications(topic, row).to) == {str(nurse.pk)}
    for topic in ("reset.asked", "reset.told", "reset.approved"):
        notification = the_notifications(topic, row)
        for name in ("Nora", "Nurse", "Tess", "Trust", nurse.email):
            assert name not in notification.subject + notification.text
    moves = ["factorreset.ask", "factor.reset", "factor.reset", "factorreset.approve"]
    assert [e.move for e in Event.objects.filter(move__startswith="factor")] == moves
    codes = list(row.history.order_by("history_id").values_list("history_change_reason", flat=True))
    assert codes == ["ask", "approve"]


def test_whoever_asked_or_is_concerned_cannot_be_the_second_person(cast, nurse):
    grant(nurse, Role.MANAGER, cast.agencies["trust"])
    own = member(cast, "trust_nurse", "trust")
    with pytest.raises(PermissionDenied):
        resets.ask(own, by=cast.trust_nurse, idempotency_key=uuid4(), known="met")
    row = asked(cast)
    for by in (cast.trust_spoc, cast.trust_nurse):
        with pytest.raises(PermissionDenied):
            resets.approve(row, by=by)
    client = sign_in(Client(), nurse)
    assert client.get(at("reset", row)).status_code == 404
    assert client.get(at("ask", own)).status_code == 404
    assert "Nora" not in client.get(LIST).content.decode().partition("<main")[2]
    assert Authenticator.objects.filter(user=nurse).exists()


OTHERS = ["requester", "officer", "housing_spoc", "police_partner", "trust_adviser"]


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_of_another_part_reaches_it(cast, nurse, signed_in, who):
    row, client = asked(cast), signed_in(who)
    pages = [at("reset", row), at("ask", member(cast, "trust_nurse", "trust"))]
    assert [client.get(path).status_code for path in pages] == [404, 404]
    for name in ("approve", "refuse", "withdraw"):
        assert client.post(at(name, row)).status_code == 404
    assert FactorReset.objects.get().status == "asked"


def test_an_administrator_chooses_the_agency(cast, nurse, signed_in):
    client, trust = signed_in("administrator"), cast.agencies["trust"]
    assert "Nora" not in client.get(LIST).content.decode()
    assert "Nora" in client.get(LIST, {"agency": str(trust.pk)}).content.decode()
    for odd in ("x", "", "\x00", str(uuid4())):
        assert client.get(LIST, {"agency": odd}).status_code == 200
    spoc = signed_in("housing_spoc")
    assert "Nora" not in spoc.get(LIST, {"agency": str(trust.pk)}).content.decode()


def test_nobody_approves_in_time_and_it_lapses(cast, nurse, signed_in):
    row = asked(cast)
    with later(24 * 60 * 60 + 5):
        manager = signed_in("trust_manager")
        page = manager.get(LIST).content.decode()
        assert "Expired" in page
        assert "No reset is waiting" in page
        assert "Approve the reset" not in manager.get(at("reset", row)).content.decode()
        assert manager.post(at("approve", row)).status_code == 409
        assert Authenticator.objects.filter(user=nurse).count() == 2
        assert asked(cast).status == "asked"


def test_it_is_asked_for_once_and_only_where_there_is_something_to_reset(cast, nurse):
    idempotency_key = uuid4()
    lost = member(cast, "trust_nurse", "trust")
    first = resets.ask(lost, by=cast.trust_spoc, idempotency_key=idempotency_key, known="met")
    assert (
        resets.ask(lost, by=cast.trust_spoc, idempotency_key=idempotency_key, known="met").pk
        == first.pk
    )
    with pytest.raises(TransitionRefused, match="asked for already"):
        resets.ask(lost, by=cast.trust_manager, idempotency_key=uuid4(), known="met")
    adviser = member(cast, "trust_adviser", "trust")
    with pytest.raises(TransitionRefused, match="nothing to reset"):
        resets.ask(adviser, by=cast.trust_manager, idempotency_key=uuid4(), known="met")


def test_nobody_is_reset_by_an_agency_that_they_have_left(cast, nurse):
    row = asked(cast)
    leave(member(cast, "trust_nurse", "trust"), by=cast.trust_spoc)
    for by in (cast.trust_manager, cast.administrator):
        with pytest.raises(TransitionRefused, match="has left"):
            resets.approve(row, by=by)
    assert Authenticator.objects.filter(user=nurse).count() == 2


@pytest.mark.parametrize(("name", "who"), [("refuse", "trust_manager"), ("withdraw", "trust_spoc")])
def test_what_was_refused_or_withdrawn_is_over(cast, nurse, signed_in, name, who):
    row = asked(cast)
    client = signed_in(who)
    assert [client.post(at(name, row)).status_code for _ in range(2)] == [302, 302]
    assert signed_in("administrator").post(at("approve", row)).status_code == 409
    assert Authenticator.objects.filter(user=nurse).count() == 2


def test_asking_and_approving_are_proved_again(cast, nurse):
    row = asked(cast)
    stale = sign_in(Client(), cast.users["trust_manager"], ago=3600)
    answer = stale.get(at("ask", member(cast, "trust_nurse", "trust")))
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert stale.post(at("approve", row))["Location"].startswith("/accounts/reauthenticate/")
    assert FactorReset.objects.get().status == "asked"


def test_the_database_keeps_what_was_asked(cast, nurse):
    row = asked(cast)
    for change in ("known = 'video'", "asked_at = now()", "person_id = asked_by_id"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE signin_factorreset SET {change}")  # noqa: S608 - written above
    row = resets.refuse(row, by=cast.trust_manager)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE signin_factorreset SET status = 'asked'")


def test_the_list_asks_the_database_as_often_for_many_as_for_one(cast, signed_in, flat):
    from agencies.bootstrap.unattended import join
    from agencies.models import User

    def more():
        user = User.objects.create_user(f"{uuid4()}@trust.example", "x" * 14, last_name="More")
        join(user, Role.REQUESTER, cast.agencies["trust"])
        with_app(user)
        lost = user.memberships.get()
        resets.ask(lost, by=cast.trust_spoc, idempotency_key=uuid4(), known="met")

    manager = signed_in("trust_manager")
    flat(lambda: manager.get(LIST), add=more)
