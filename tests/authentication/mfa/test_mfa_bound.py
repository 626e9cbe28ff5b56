"""A second factor counts only as the portal made it for its person; all else is done by SQL.

Whoever does it has the database role of pages and not the ring: they set passwords, copy rows, move
them, and take them away (docs/adr/0105).
"""

import json
from importlib import import_module
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from agencies.invitations.tokens import digest_of, token_of
from audit.ledger.verifying_rows import verify_live
from audit.models import Event
from authentication.mfa.marks import all_rows
from authentication.mfa_reset import actions as resets
from authentication.passwords.notifications import link_for
from encryption.purposes import seal_text
from encryption.rotating import rotate
from outbox.tasks import writer_of
from sessions.actions import KEY
from tests.agencies.people.test_people_pages import ANSWERS
from tests.agencies.people_walks import NEW, PASSWORD, invited
from tests.audit.pages import as_page
from tests.authentication.factor_rows import member
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
from tests.authentication.mfa.test_passkeys import ADD, CODE, PROVE, SIGN_IN, challenge, send
from tests.authentication.soft_passkey import SoftPasskey

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-4.3-SECURITY", part=True)]

AT = "/accounts/second-factor/"
APP = f"{AT}app/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def person(cast):
    """Whose name somebody wants to come in by."""
    return cast.users["requester"]


@pytest.fixture
def thief(cast):
    """Somebody with an account of their own, and the password of the database's role of pages."""
    return cast.users["classmate"]


@pytest.fixture
def sql(cast):
    """Statements as that role."""

    def run(statement, *values):
        as_page(cast, (statement, values), ("SET LOCAL ROLE none", []))

    return run


def copied(sql, factor, to, kind=None):
    """A copy of a row in somebody's name, perhaps as another kind."""
    sql(
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at)"
        " SELECT %s, %s, data, now() FROM mfa_authenticator WHERE id = %s",
        *(to.pk, kind or factor.type, factor.pk),
    )


def moved(sql, factor, to):
    sql("UPDATE mfa_authenticator SET user_id = %s WHERE id = %s", to.pk, factor.pk)


def gets_nowhere_by_a_code(person, *codes):
    """Neither after the password, nor by proving again, nor to the pages that set one up."""
    for code in codes:
        client = passworded(person)
        send_code(client, code)
        assert not is_in(client)
        again = passworded(person)
        again.post(f"{AT}prove/", {"code": code})
        assert not is_in(again)
    assert client.get(APP)["Location"] in (AT, f"/accounts/login/?next={APP}")
    assert "portal-key" not in client.get(APP, follow=True).content.decode()


def gets_nowhere_by_a_passkey(person, passkey):
    """Neither by itself, nor after the password, nor to prove again; beside one that does."""
    SoftPasskey(person).registered()
    alone = Client()
    send(alone, SIGN_IN, passkey.used(challenge(alone, SIGN_IN), verified=True))
    assert not is_in(alone)
    after, again = passworded(person), proved(person)
    send(after, CODE, passkey.used(challenge(after, CODE), verified=True))
    assert not is_in(after)
    records = again.session["account_authentication_methods"]
    send(again, PROVE, passkey.used(challenge(again, PROVE), verified=True))
    assert again.session["account_authentication_methods"] == records


# What is forged


def test_ones_own_app_in_the_name_of_another(sql, person, thief):
    copied(sql, with_app(thief), person)
    gets_nowhere_by_a_code(person, code_at())


def test_an_app_moved_to_another(sql, person, thief):
    moved(sql, with_app(thief), person)
    gets_nowhere_by_a_code(person, code_at())
    assert passworded(thief).get("/")["Location"] == AT  # it is nobody's any more


def test_an_app_beside_the_passkey_of_another(sql, person, thief):
    SoftPasskey(person).registered()
    copied(sql, with_app(thief), person)
    client = passworded(person)
    assert send_code(client, code_at()).status_code == 200
    assert not is_in(client)


def test_two_who_are_swapped(sql, person, thief):
    theirs, own = with_app(person), with_app(thief)
    for factor, data in ((theirs, own.data), (own, theirs.data)):
        sql("UPDATE mfa_authenticator SET data = %s WHERE id = %s", json.dumps(data), factor.pk)
    for each in (person, thief):
        gets_nowhere_by_a_code(each, code_at())


def test_recovery_codes_in_the_name_of_another(sql, person, thief):
    with_app(person)
    codes = with_codes(thief)
    copied(sql, Authenticator.objects.get(user=thief), person)
    client = passworded(person)
    assert send_code(client, codes[0]).status_code == 200
    assert not is_in(client)


def test_the_mark_of_one_kind_on_another(sql, person):
    """The seed of one's codes, which was shown, is no secret of an app; nor the other way round."""
    factor = with_app(person)
    copied(sql, factor, person, "recovery_codes")
    copied(sql, factor, person, "webauthn")
    assert [each.pk for each in Authenticator.objects.filter(user=person)] == [factor.pk]


def test_another_secret_under_the_same_mark(sql, person):
    factor = with_app(person)
    data = {**factor.data, "secret": seal_text("second factor", "KRSXG5CTMVRXEZLU")}
    sql("UPDATE mfa_authenticator SET data = %s WHERE id = %s", json.dumps(data), factor.pk)
    gets_nowhere_by_a_code(person, code_at(secret="KRSXG5CTMVRXEZLU"), code_at())


MARKS = [None, "", "1.", "x", 7, [], "1.ring-gone.AAAA", "1.é.x", {"mark": "1"}]


@pytest.mark.parametrize("mark", MARKS, ids=range(len(MARKS)))
def test_no_mark_or_one_that_is_none(sql, person, mark):
    factor = with_app(person)
    data = {**factor.data, "mark": mark} if mark is not None else {"secret": factor.data["secret"]}
    sql("UPDATE mfa_authenticator SET data = %s WHERE id = %s", json.dumps(data), factor.pk)
    gets_nowhere_by_a_code(person, code_at())


@pytest.mark.parametrize("data", ["[]", "null", '"text"', "7"])
def test_what_is_not_even_an_object(sql, person, data):
    factor = with_app(person)
    sql("UPDATE mfa_authenticator SET data = %s WHERE id = %s", data, factor.pk)
    gets_nowhere_by_a_code(person, code_at())


def test_a_passkey_of_ones_own_for_another(sql, person, thief):
    """Made for the person's handle by the thief's key, and put there by SQL."""
    passkey = SoftPasskey(person)
    data = {"name": "x", "credential": passkey.added("", verified=True)}
    sql(
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at)"
        " VALUES (%s, 'webauthn', %s, now())",
        *(person.pk, json.dumps(data)),
    )
    gets_nowhere_by_a_passkey(person, passkey)


def test_a_passkey_copied_with_its_mark(sql, person, thief):
    passkey = SoftPasskey(thief)
    copied(sql, passkey.registered(), person)
    passkey.user = person
    gets_nowhere_by_a_passkey(person, passkey)


def test_the_credential_of_another_passkey_under_the_mark_of_ones_own(sql, person):
    factor, passkey = SoftPasskey(person).registered(), SoftPasskey(person)
    data = {**factor.data, "credential": passkey.added("", verified=True)}
    sql("UPDATE mfa_authenticator SET data = %s WHERE id = %s", json.dumps(data), factor.pk)
    gets_nowhere_by_a_passkey(person, passkey)


# What is taken away


def test_an_empty_place_and_a_password_set_by_sql_let_nobody_set_one_up(sql, person):
    with_app(person)
    sql("DELETE FROM mfa_authenticator WHERE user_id = %s", person.pk)
    sql("UPDATE agencies_user SET password = %s WHERE id = %s", make_password(CHOSEN), person.pk)
    client = passworded(person, password=CHOSEN)
    assert client.get("/")["Location"] == AT
    page = client.get(AT).content.decode()
    assert "We send an e-mail with a link to your work address" in page
    assert "Set up an authenticator app" not in page
    for path in (APP, ADD, f"{AT}recovery-codes/new/", "/accounts/reauthenticate/"):
        assert client.get(path)["Location"] == AT, path
        assert client.post(path, {"code": code_at()})["Location"] == AT, path
    assert not Authenticator.objects.exists()


def test_the_person_comes_back_by_an_email_also_where_something_forged_is_in_the_way(
    sql, person, thief
):
    copied(sql, with_app(thief), person)
    with_codes(thief)
    copied(sql, Authenticator.objects.get(user=thief, type="recovery_codes"), person)
    client = by_email(person)
    page = client.get(APP)
    answer = client.post(APP, {"code": code_at(secret=secret_on(page))})
    assert answer["Location"] == f"{AT}recovery-codes/"
    assert is_in(client)
    assert {each.type for each in all_rows().filter(user=person)} == {"totp", "recovery_codes"}
    assert Authenticator.objects.filter(user=person).count() == 2
    assert Event.objects.filter(move="factor.not_ours").count() == 2


def test_an_email_counts_for_the_password_that_was_chosen_by_it_and_no_other(sql, person):
    client = by_email(person)
    assert client.get(APP).status_code == 200
    sql("UPDATE agencies_user SET password = %s WHERE id = %s", make_password("other"), person.pk)
    client = passworded(person, client, "other")
    assert client.get(APP)["Location"] != APP
    assert client.get(AT, follow=True).status_code == 200


def test_whoever_is_signed_in_here_comes_in_anew_by_the_email(person):
    client = passworded(person)
    assert client.get("/accounts/password/reset/").status_code == 200
    assert client.get(APP)["Location"] == AT
    assert by_email(person, client).get(APP).status_code == 200


@pytest.mark.parametrize("honest", [True, False])
def test_the_link_of_an_invitation_counts_unless_it_was_made_up(cast, sql, honest):
    row = invited(cast)
    token = token_of(row) if honest else "made-up"
    if not honest:
        sql("UPDATE agencies_invitation SET digest = %s WHERE id = %s", digest_of(token), row.pk)
    client = Client()
    assert client.post(f"/invitations/{token}/", ANSWERS).status_code == 302
    client.post("/accounts/login/", {"login": NEW, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    assert (client.get(APP).status_code == 200) is honest


# Who is told, and what remains


def test_it_is_found_logged_and_reset_by_two(cast, sql, thief, caplog):
    nurse = cast.users["trust_nurse"]
    copied(sql, with_app(thief), nurse)
    row = all_rows().get(user=nurse)
    found = [line for line in verify_live().wrong if "Second factor" in line]
    assert found == [
        f"Second factor {row.pk} (totp) of person {nurse.pk} was not made by the portal for this "
        "person, and counts for nothing."
    ]
    assert passworded(nurse).get("/")["Location"] == AT
    assert f"second factor {row.pk} is not ours" in caplog.text
    lost = member(cast, "trust_nurse", "trust")
    reset = resets.ask(lost, by=cast.trust_spoc, idempotency_key=uuid4(), known="met")
    resets.approve(reset, by=cast.trust_manager)
    assert not all_rows().filter(user=nurse).exists()
    assert not [line for line in verify_live().wrong if "Second factor" in line]


def test_what_was_there_before_counts_once_it_was_marked_and_not_before(person):
    with_app(person)
    codes, passkey = with_codes(person), SoftPasskey(person)
    passkey.registered()
    for factor in all_rows():
        data = {name: value for name, value in factor.data.items() if name != "mark"}
        all_rows().filter(pk=factor.pk).update(data=data)
    gets_nowhere_by_a_code(person, code_at(), codes[0])
    step = import_module("authentication.migrations.0003_marks")
    before = MigrationLoader(connection).project_state(step.Migration.dependencies)
    with connection.schema_editor() as editor:
        step.mark_all(before.apps, editor)
    with later(60):
        client = passworded(person)
        assert send_code(client, code_at()).status_code == 302
        assert is_in(client)
    alone = Client()
    send(alone, SIGN_IN, passkey.used(challenge(alone, SIGN_IN), verified=True))
    assert is_in(alone)


def test_nothing_asks_the_database_which_of_them_count(person):
    for ask in (lambda some: some.values("pk"), lambda some: some.values_list("pk")):
        with pytest.raises(TypeError):
            ask(Authenticator.objects.filter(user=person))


@pytest.mark.parametrize("victim", ["officer", "administrator", "requester"])
def test_a_true_link_that_is_turned_to_somebody_else_is_no_email_of_theirs(cast, sql, victim):
    person = cast.users[victim]
    with_app(person)
    row = invited(cast)  # the thief's own: they have the link
    token = token_of(row)
    turned = "UPDATE agencies_membership SET user_id = %s WHERE id = %s"
    sql(turned, person.pk, row.membership_id)
    sql("UPDATE agencies_invitation SET email = %s WHERE id = %s", person.email, row.pk)
    new = (
        "UPDATE agencies_user SET is_active = false, password = '!x', first_name = '' WHERE id = %s"
    )
    sql(new, person.pk)
    sql("DELETE FROM mfa_authenticator WHERE user_id = %s", person.pk)
    client = Client()
    client.post(f"/invitations/{token}/", ANSWERS)
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    answer = client.get(APP)
    assert (answer.status_code, answer["Location"]) == (302, AT)
    assert not is_in(client)


def test_the_email_of_an_invitation_goes_to_the_persons_own_address(cast, sql):
    row = invited(cast)
    sql("UPDATE agencies_invitation SET email = 'thief@evil.example' WHERE id = %s", row.pk)
    email = writer_of("invitation.sent")(str(row.pk))
    assert [*email.to.values()] == [row.membership.user.email]


def test_a_session_that_was_planted_is_not_the_one_in_which_the_email_counts(cast, person):
    client = Client()
    page = client.get(urlsplit(link_for(person)).path, follow=True)
    planted = client.session.session_key
    chosen = {"password1": CHOSEN, "password2": CHOSEN}
    assert client.post(page.request["PATH_INFO"], chosen).status_code == 302
    assert client.session[KEY][0] == str(person.pk)
    assert client.session.session_key != planted
    assert not type(client.session)().exists(planted)


def test_whoever_has_nothing_but_recovery_codes_is_led_to_an_email(person, sql):
    with_app(person)
    with_codes(person)
    sql("DELETE FROM mfa_authenticator WHERE user_id = %s AND type = 'totp'", person.pk)
    page = passworded(person).get(AT).content.decode()
    assert "Ask for the e-mail" in page


@pytest.mark.parametrize("data", ["[" * 2500 + "]" * 2500, "9" * 5000], ids=["deep", "long"])
def test_a_row_that_cannot_be_read_counts_for_nothing_and_stops_nothing(person, sql, data):
    with_app(person)
    kept = Authenticator.objects.get(user=person)
    sql(
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at)"
        " VALUES (%s, 'webauthn', %s, now())",
        person.pk,
        data,
    )
    sql(
        "INSERT INTO socialaccount_socialaccount"
        " (user_id, provider, uid, extra_data, last_login, date_joined)"
        " VALUES (%s, 'council', 'x', %s, now(), now())",
        person.pk,
        data,
    )
    assert [each.pk for each in Authenticator.objects.filter(user=person)] == [kept.pk]
    said = " ".join(verify_live().wrong)
    assert "Second factor" in said
    assert "Link" in said
    rotate(lambda _done: None)
