"""Who is signed in where, until when, and how it ends."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import User
from authentication.backend import Backend
from sessions.actions import end_all_sessions, end_session
from sessions.models import Session
from sessions.store import SessionStore, digest
from tests.cast import PASSWORD
from tests.plugins.promises import keep_promises
from tests.plugins.sessions import all_sessions
from tests.statements import texts

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def key_of(client):
    return client.cookies["sessionid"].value


def is_in(client):
    return client.get("/").status_code == 200


def by_form(user, **more):
    client = Client(headers={"user-agent": FIREFOX})
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD} | more)
    assert answer.status_code == 302
    return client


class TestAtRest:
    """Whoever reads or writes the table can sign in as nobody."""

    def test_neither_the_key_nor_what_is_kept_can_be_read(self, cast):
        client = by_form(cast.users["officer"])
        session = client.session
        session["words"] = "a reset link, a kept message"
        session.save()
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM signed_in_session")
            [row] = cursor.fetchall()
        assert key_of(client) not in repr(row)
        assert "reset" not in repr(row)
        assert "_auth_user" not in repr(row)
        assert digest(key_of(client)) in row

    def test_what_stands_in_the_table_opens_nothing(self, cast):
        by_form(cast.users["officer"])
        row = Session.objects.get()
        for sent in (row.session_key, str(row.number), row.session_data):
            thief = Client()
            thief.cookies["sessionid"] = sent
            assert not is_in(thief)

    def test_data_of_another_session_does_not_open_here(self, cast):
        mine, theirs = by_form(cast.users["officer"]), by_form(cast.users["requester"])
        data = Session.objects.get(pk=digest(key_of(theirs))).session_data
        Session.objects.filter(pk=digest(key_of(mine))).update(session_data=data)
        assert not is_in(mine)
        assert is_in(theirs)

    @pytest.mark.parametrize("data", ["", "x", "{}", "AAAA", "é"])
    def test_what_is_broken_is_no_session(self, cast, data):
        client = by_form(cast.users["officer"])
        Session.objects.update(session_data=data)
        assert not is_in(client)

    def test_a_visitor_has_no_person_and_a_person_a_new_key(self, cast):
        visitor = SessionStore()
        visitor["something"] = "said"
        visitor.save()
        assert Session.objects.get().person is None
        client = Client()
        client.cookies["sessionid"] = visitor.session_key
        client.post(
            "/accounts/login/", {"login": cast.users["officer"].email, "password": PASSWORD}
        )
        assert key_of(client) != visitor.session_key
        assert Session.objects.get().person == cast.users["officer"].pk


class TestTime:
    """Idle and absolute, enforced by the server alone."""

    @pytest.mark.clause("ISA-4.3-SECURITY")
    def test_it_ends_after_half_an_hour_without_use(self, cast, settings):
        with time_machine.travel("2026-11-02 09:00Z", tick=False) as clock:
            client = by_form(cast.users["officer"])
            clock.shift(settings.SESSION_IDLE - timedelta(seconds=1))
            assert is_in(client)
            clock.shift(settings.SESSION_IDLE - timedelta(seconds=1))
            assert is_in(client)
            clock.shift(settings.SESSION_IDLE + timedelta(seconds=1))
            assert not is_in(client)

    @pytest.mark.clause("ISA-4.3-SECURITY")
    def test_it_ends_after_ten_hours_of_use(self, cast, settings):
        with time_machine.travel("2026-11-02 09:00Z", tick=False) as clock:
            client = by_form(cast.users["officer"])
            for _ in range(29):
                clock.shift(timedelta(minutes=20))
                assert is_in(client)
            clock.shift(timedelta(minutes=19, seconds=59))
            assert is_in(client)
            clock.shift(timedelta(seconds=1))
            assert not is_in(client)

    def test_a_new_key_does_not_prolong_it(self, cast):
        with time_machine.travel("2026-11-02 09:00Z", tick=False) as clock:
            client = by_form(cast.users["officer"])
            ends, key = Session.objects.get().ends, key_of(client)
            clock.shift(timedelta(minutes=20))
            client.post("/accounts/password/change/", changing())
            assert key_of(client) != key
            assert is_in(client)
            assert Session.objects.get().ends == ends

    def test_a_use_is_noted_once_a_minute(self, cast):
        with time_machine.travel("2026-11-02 09:00Z", tick=False) as clock:
            client = by_form(cast.users["officer"])
            began = timezone.now()
            clock.shift(timedelta(seconds=59))
            is_in(client)
            assert Session.objects.get().seen == began
            clock.shift(timedelta(seconds=1))
            is_in(client)
            assert Session.objects.get().seen == timezone.now()

    def test_what_a_request_costs(self, cast):
        """One statement reads the session, and once a minute one writes."""
        with time_machine.travel("2026-11-02 09:00Z", tick=False) as clock:
            client = by_form(cast.users["officer"])
            is_in(client)
            for statements, seconds in ((1, 1), (2, 60), (1, 59)):
                clock.shift(timedelta(seconds=seconds))
                with CaptureQueriesContext(connection) as seen:
                    is_in(client)
                sessions = [sql for sql in texts(seen) if "signed_in_session" in sql]
                assert len(sessions) == statements

    def test_ended_ones_are_deleted(self, cast):
        with time_machine.travel("2026-11-02 09:00Z", tick=False) as clock:
            by_form(cast.users["officer"])
            clock.shift(timedelta(hours=1))
            lasting = by_form(cast.users["requester"])
            SessionStore.clear_expired()
            assert Session.objects.get().session_key == digest(key_of(lasting))


def changing(old=PASSWORD, new="quite another invented phrase"):
    return {"oldpassword": old, "password1": new, "password2": new}


class TestEnding:
    """All of a person's sessions, and nobody else's."""

    def test_all_of_one_person(self, cast):
        mine = [by_form(cast.users["officer"]) for _ in range(3)]
        other = by_form(cast.users["requester"])
        assert end_all_sessions(cast.users["officer"]) == 3
        assert not any(is_in(client) for client in mine)
        assert is_in(other)
        assert end_all_sessions(cast.users["officer"]) == 0

    def test_all_but_the_one_in_which_it_was_done(self, cast):
        here, there = by_form(cast.users["officer"]), by_form(cast.users["officer"])
        end_all_sessions(cast.users["officer"], but=key_of(here))
        assert is_in(here)
        assert not is_in(there)

    def test_one_of_ones_own_only(self, cast):
        theirs = by_form(cast.users["requester"])
        number = Session.objects.get().number
        assert not end_session(cast.users["officer"], number)
        assert is_in(theirs)
        assert end_session(cast.users["requester"], number)
        assert not is_in(theirs)

    def test_one_that_was_ended_in_mid_request_does_not_come_back(self, cast):
        client = by_form(cast.users["officer"])
        session = client.session
        session["words"] = "typed"
        end_all_sessions(cast.users["officer"])
        session_of_request = SessionStore(key_of(client))
        assert not dict(session_of_request.items())
        with pytest.raises(Exception):  # noqa: B017, PT011
            session.save()
        assert not Session.objects.exists()

    def test_whoever_ends_their_own_in_mid_request_gets_the_answer(self, cast, monkeypatch):
        client = by_form(cast.users["officer"])

        def choose(request, wanted):
            end_all_sessions(request.user)
            return True

        monkeypatch.setattr("portal.views.choose_agency", choose)
        assert client.post("/acting/", {"agency": "any"}).status_code == 302
        assert not is_in(client)

    @pytest.mark.clause("ISA-4.3-SECURITY")
    def test_a_new_password_ends_the_others_and_keeps_this_one(self, cast):
        here, there = by_form(cast.users["officer"]), by_form(cast.users["officer"])
        key = key_of(here)
        assert here.post("/accounts/password/change/", changing()).status_code == 302
        assert key_of(here) != key
        assert is_in(here)
        assert Session.objects.count() == 1
        assert not is_in(there)

    def test_whoever_may_not_sign_in_any_more_is_out_at_once(self, cast):
        here = by_form(cast.users["officer"])
        assert is_in(here)
        User.objects.filter(pk=cast.users["officer"].pk).update(is_active=False)
        assert not is_in(here)

    @pytest.mark.parametrize("told", ["", "nobody", "0", "x" * 5000])
    def test_a_session_that_names_nobody_lets_nobody_in(self, cast, told):
        assert Backend().get_user(told) is None

    def test_a_password_set_by_the_link_ends_all(self, cast, mailoutbox):
        there = by_form(cast.users["officer"])
        visitor = Client()
        visitor.post("/accounts/password/reset/", {"email": cast.users["officer"].email})
        keep_promises()
        link = next(w for w in mailoutbox[0].body.split() if "/reset/key/" in w)
        page = visitor.get("/" + link.split("/", 3)[3], follow=True)
        assert is_in(there)
        new = "quite another invented phrase"
        visitor.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
        assert not is_in(there)
        assert all("_auth_user_id" not in each for each in all_sessions().values())
