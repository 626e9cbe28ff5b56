"""The page of one's own sessions, and the warning before one ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings as given
from django.test import Client
from playwright.sync_api import expect

from sessions.browsers import described, in_words
from sessions.models import Session
from sessions.store import digest
from tests.cast import PASSWORD
from tests.plugins.people import sign_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


def at(agent, user):
    client = Client(headers={"user-agent": agent})
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def is_in(client):
    return client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (PHONE, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8", "A browser that does not say what it is"),
        ("<script>" * 5000, "A browser that does not say what it is"),
    ],
)
def test_a_browser_is_called_by_what_its_owner_knows(agent, words):
    assert in_words(described(agent)) == words


@pytest.mark.django_db
class TestThePage:
    """Own sessions only."""

    @pytest.mark.clause("ISA-4.3-SECURITY")
    def test_one_sees_and_ends_ones_own(self, cast):
        desk, phone = (at(agent, cast.users["officer"]) for agent in (FIREFOX, PHONE))
        other = at(EDGE, cast.users["requester"])
        page = desk.get("/account/sessions/").content.decode()
        assert page.index("Firefox on Linux") < page.index("This one")
        assert "Safari on iPhone" in page
        assert "Edge on Windows" not in page
        number = Session.objects.get(browser="Safari/iPhone").number
        assert page.count("/end/") == 1
        assert str(number) in page
        for _ in range(2):
            answer = desk.post(f"/account/sessions/{number}/end/", follow=True)
            assert "That browser is signed out" in answer.content.decode()
        assert not is_in(phone)
        assert is_in(desk)
        assert is_in(other)

    def test_nobody_ends_anothers(self, cast):
        mine, theirs = (at(FIREFOX, cast.users[name]) for name in ("officer", "requester"))
        number = Session.objects.get(person=cast.users["requester"].pk).number
        for each in (number, uuid4()):
            assert mine.post(f"/account/sessions/{each}/end/").status_code == 302
        mine.post("/account/sessions/end-others/")
        assert is_in(theirs)

    def test_everywhere_else_at_once(self, cast):
        clients = [at(FIREFOX, cast.users["officer"]) for _ in range(4)]
        clients[0].post("/account/sessions/end-others/")
        assert [is_in(client) for client in clients] == [True, False, False, False]

    def test_this_one_is_ended_by_signing_out(self, cast):
        client = at(FIREFOX, cast.users["officer"])
        number = Session.objects.get().number
        answer = client.post(f"/account/sessions/{number}/end/")
        assert answer["Location"] == "/accounts/logout/"
        client.post("/accounts/logout/")
        assert not Session.objects.filter(person=cast.users["officer"].pk).exists()

    def test_as_many_statements_for_many(self, cast, flat):
        client = at(FIREFOX, cast.users["officer"])
        flat(
            lambda: client.get("/account/sessions/"),
            add=lambda: at(PHONE, cast.users["officer"]),
        )


@pytest.mark.django_db
class TestHowLong:
    """Asking is no use; staying is."""

    def test_asking_does_not_prolong_it(self, cast):
        with time_machine.travel("2026-11-02 09:00Z", tick=False) as clock:
            client = at(FIREFOX, cast.users["officer"])
            clock.shift(given.SESSION_IDLE - timedelta(seconds=60))
            for _ in range(3):
                said = client.get("/account/sessions/left/").json()
            who = str(cast.users["officer"].pk)
            assert said == {"left": 60, "who": who, "final": False}
            clock.shift(timedelta(seconds=61))
            ended = {"left": 0, "who": "", "final": True}
            assert client.get("/account/sessions/left/").json() == ended
            assert client.post("/account/sessions/stay/").json() == ended
            assert not is_in(client)

    def test_staying_does(self, cast):
        with time_machine.travel("2026-11-02 09:00Z", tick=False) as clock:
            client = at(FIREFOX, cast.users["officer"])
            clock.shift(given.SESSION_IDLE - timedelta(seconds=60))
            said = client.post("/account/sessions/stay/").json()
            assert said["left"] == given.SESSION_IDLE.total_seconds()
            clock.shift(timedelta(minutes=20))
            assert is_in(client)

    def test_but_not_beyond_the_end(self, cast):
        with time_machine.travel("2026-11-02 09:00Z", tick=False) as clock:
            client = at(FIREFOX, cast.users["officer"])
            for _ in range(23):
                clock.shift(timedelta(minutes=26))
                assert is_in(client)
            said = client.post("/account/sessions/stay/").json()
            assert said["final"]
            assert said["left"] == 120

    def test_staying_takes_a_token(self, cast):
        client = sign_in(Client(enforce_csrf_checks=True), cast.users["officer"])
        assert client.post("/account/sessions/stay/").status_code == 403


@pytest.mark.browser
class TestInTheBrowser:
    """What somebody sees, and hears, who leaves a page open."""

    @pytest.fixture
    def short(self, settings):
        settings.SESSION_SEEN_EVERY = timedelta(0)
        settings.SESSION_WARNING = timedelta(seconds=60)

        def last(seconds):
            settings.SESSION_IDLE = timedelta(seconds=seconds)

        return last

    @pytest.fixture
    def opened(self, live_server, page, cast):
        def go():
            page.goto(f"{live_server.url}/accounts/login/")
            page.get_by_label("E-mail address").fill(cast.users["officer"].email)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url(f"{live_server.url}/")
            return page

        return go

    @pytest.mark.clause("ISA-4.3-SECURITY")
    def test_a_warning_and_staying(self, short, opened, axe):
        short(64)
        page = opened()
        dialog = page.get_by_role("dialog", name="Your session is about to end")
        expect(dialog).to_be_hidden()
        expect(dialog).to_be_visible()
        expect(page.locator("#session-warning-title")).to_be_focused()
        axe(page)
        expect(dialog).to_contain_text("seconds")
        short(1800)
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        row = Session.objects.exclude(person=None).get()
        assert row.expire_date - row.seen == timedelta(seconds=1800)

    def test_the_page_is_covered_until_the_same_person_is_back(
        self, short, opened, axe, cast, context, live_server
    ):
        short(3)
        page = opened()
        dialog = page.get_by_role("dialog", name="Your session has ended")
        expect(dialog).to_be_visible()
        expect(dialog).to_contain_text("What you typed is still on it")
        cover = "getComputedStyle(document.querySelector('dialog'), '::backdrop').backgroundColor"
        assert page.evaluate(cover) == "rgb(243, 242, 241)"
        axe(page)
        page.keyboard.press("Escape")
        expect(dialog).to_be_visible()
        short(1800)
        for name, sees in (("requester", False), ("officer", True)):
            client = sign_in(Client(), cast.users[name])
            key = client.cookies["sessionid"].value
            assert Session.objects.filter(pk=digest(key)).exists()
            cookie = {"name": "sessionid", "value": key, "url": live_server.url}
            context.add_cookies([cookie])
            page.evaluate("window.dispatchEvent(new Event('focus'))")
            if sees:
                expect(page.get_by_role("dialog")).to_be_hidden()
            else:
                page.wait_for_timeout(1000)
                expect(dialog).to_be_visible()

    def test_accessible(self, opened, axe, page, live_server, cast):
        opened()
        at(PHONE, cast.users["officer"])
        page.goto(f"{live_server.url}/account/sessions/")
        axe(page)
        page.set_viewport_size({"width": 375, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
