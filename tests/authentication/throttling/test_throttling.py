"""Guessing is slow; nobody is locked out by somebody else."""

import json
import re
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from authentication.sessions.devices import cookie_of
from authentication.throttling import guesses
from authentication.throttling.cache import TableCache
from outbox.models import Message
from portal.settings import base
from tests.authentication.factor_steps import passworded, with_app
from tests.cast import PASSWORD
from tests.plugins.promises import keep_promises
from tests.statements import texts
from workflow import rate_limits
from workflow.addresses import address_of
from workflow.rate_limits import Limit, how_long

HOME, ELSEWHERE = "192.0.2.10", "203.0.113.77"
WRONG = "not the pass phrase at all"


def tried(user, password=WRONG, client=None, address=ELSEWHERE, **headers):
    client = client or Client()
    words = {"login": getattr(user, "email", user), "password": password}
    return client.post("/accounts/login/", words, REMOTE_ADDR=address, headers=headers)


def is_in(answer):
    return answer.status_code == 302


def wait_in(answer):
    return re.search(r"Wait ([^<.]+) and try again", answer.content.decode())


WRONG_PASSKEY = "That is not right. Try again"


def passkey_sent(client, address):
    """What the page says to a passkey in good form that is nobody's."""
    said = json.dumps({"type": "webauthn.get", "challenge": "AAAA", "origin": "http://localhost"})
    signed = {
        "clientDataJSON": urlsafe_b64encode(said.encode()).decode(),
        "authenticatorData": urlsafe_b64encode(bytes(37)).decode(),
        "signature": "AAAA",
    }
    answer = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": signed}
    form = {"credential": json.dumps(answer)}
    page = client.post("/accounts/second-factor/code/", form, REMOTE_ADDR=address)
    return page.content.decode()


@pytest.fixture
def officer(cast):
    return cast.users["officer"]


@pytest.mark.django_db
class TestPasswords:
    """At the sign-in page."""

    @pytest.mark.clause("ISA-4.3-SECURITY")
    def test_five_wrong_ones_then_a_wait_in_words(self, officer):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for _ in range(5):
                assert wait_in(tried(officer)) is None
            answer = tried(officer, PASSWORD)
            assert not is_in(answer)
            assert wait_in(answer)[1] == "5 minutes"
            clock.shift(timedelta(minutes=4))
            assert wait_in(tried(officer, PASSWORD))[1] == "1 minute"
            clock.shift(timedelta(minutes=1, seconds=1))
            assert is_in(tried(officer, PASSWORD))

    @pytest.mark.clause("ISA-4.3-SECURITY")
    def test_a_stranger_elsewhere_does_not_lock_the_owner_out(self, officer):
        for _ in range(40):
            tried(officer)
        assert is_in(tried(officer, PASSWORD, address=HOME))

    def test_a_stranger_at_the_same_address_does_not_either(self, officer):
        mine = Client()
        assert is_in(tried(officer, PASSWORD, mine, HOME))
        mine.post("/accounts/logout/")
        for _ in range(40):
            tried(officer, address=HOME)
        assert not is_in(tried(officer, PASSWORD, address=HOME))
        assert is_in(tried(officer, PASSWORD, mine, HOME))

    def test_nor_a_colleague_who_was_never_here(self, cast, officer):
        for _ in range(40):
            tried(officer, address=HOME)
        for name in ("officer2", "requester"):
            assert is_in(tried(cast.users[name], PASSWORD, address=HOME))

    def test_a_known_browser_has_a_limit_too(self, officer):
        mine = Client()
        tried(officer, PASSWORD, mine)
        mine.post("/accounts/logout/")
        for _ in range(5):
            assert wait_in(tried(officer, client=mine)) is None
        assert wait_in(tried(officer, PASSWORD, mine))

    def test_a_mark_of_somebody_else_or_made_up_is_none(self, cast, officer):
        theirs = Client()
        tried(cast.users["requester"], PASSWORD, theirs)
        theirs.post("/accounts/logout/")
        mark = theirs.cookies[cookie_of(cast.users["requester"].email)].value
        for number, value in enumerate((mark, mark + "x", "", "x" * 9000)):
            stranger = Client()
            stranger.cookies[cookie_of(officer.email)] = value
            for _ in range(5):
                tried(officer, client=stranger, address=f"203.0.113.{number}")
            assert wait_in(tried(officer, client=stranger, address=f"203.0.113.{number}"))

    def test_the_mark_opens_nothing_and_names_nobody(self, officer):
        client = Client()
        tried(officer, PASSWORD, client)
        cookie = client.cookies[cookie_of(officer.email)]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert officer.email.split("@")[0] not in str(cookie)
        other = Client()
        other.cookies[cookie_of(officer.email)] = cookie.value
        assert other.get("/").status_code == 302

    def test_many_from_everywhere_leave_strangers_two(self, officer):
        for number in range(4):
            for _ in range(5):
                tried(officer, address=f"198.51.100.{number}")
        for _ in range(2):
            assert wait_in(tried(officer, address=ELSEWHERE)) is None
        assert wait_in(tried(officer, address=ELSEWHERE))
        assert is_in(tried(officer, PASSWORD, address=HOME))

    def test_and_the_owner_is_told_once(self, officer):
        for number in range(8):
            for _ in range(5):
                tried(officer, address=f"198.51.100.{number}")
        keep_promises()
        [email] = mail.outbox
        assert email.to == [officer.email]
        assert "not locked" in email.body

    def test_an_account_that_is_not_here_takes_the_same_steps(self, officer):
        for number in range(8):
            for _ in range(5):
                answers = [
                    tried(who, address=f"198.51.100.{number}")
                    for who in (officer, "nobody@police.example")
                ]
                assert len({wait_in(each) is None for each in answers}) == 1
        assert Message.objects.filter(topic="signin.wrong_passwords", to="").count() == 2
        keep_promises()
        assert len(mail.outbox) == 1

    def test_right_ones_do_not_count(self, officer):
        for _ in range(12):
            assert is_in(tried(officer, PASSWORD))

    def test_the_address_is_the_same_account_in_any_case(self, officer):
        for each in (str.upper, str.lower, str.title, str.swapcase, str.capitalize):
            tried(each(officer.email))
        assert wait_in(tried(officer, PASSWORD))

    def test_headers_that_anybody_can_write_change_nothing(self, officer):
        for number in range(5):
            forged = {"x-forwarded-for": f"10.0.0.{number}", "x-real-ip": f"10.0.1.{number}"}
            tried(officer, **forged)
        assert wait_in(tried(officer, PASSWORD, **{"x-forwarded-for": "10.9.9.9"}))

    def test_behind_a_proxy_only_its_own_entry_counts(self, officer, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        for number in range(5):
            said = {"x-forwarded-for": f"10.0.0.{number}, {ELSEWHERE}"}
            tried(officer, address="10.1.1.1", **said)
        said = {"x-forwarded-for": f"10.9.9.9, {ELSEWHERE}"}
        assert wait_in(tried(officer, PASSWORD, address="10.1.1.1", **said))
        said = {"x-forwarded-for": f"{ELSEWHERE}, {HOME}"}
        assert is_in(tried(officer, PASSWORD, address="10.1.1.1", **said))


@pytest.mark.parametrize(
    ("proxies", "header", "found"),
    [
        (0, "10.0.0.1", HOME),
        (1, "", HOME),
        (1, "10.0.0.1, 203.0.113.5", "203.0.113.5"),
        (1, "10.0.0.1,203.0.113.5:4711", "203.0.113.5"),
        (2, "10.0.0.1, 203.0.113.5, 10.1.1.1", "203.0.113.5"),
        (2, "203.0.113.5", HOME),
        (1, "not an address", HOME),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "[2001:db8:1:2::9]:443", "2001:db8:1:2::"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
        (1, "," * 5000, HOME),
    ],
)
def test_the_address_is_what_our_proxies_saw(settings, proxies, header, found):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": header}, REMOTE_ADDR=HOME)
    assert address_of(request) == found


class TestCounts:
    """One count for all processes."""

    def test_at_once_from_many_sides_no_more_than_allowed(self):
        limit = Limit("raced", 5, 60)
        with ThreadPoolExecutor(8) as many:
            waits = list(many.map(lambda _: limit.take("a", "b"), range(16)))
        assert waits.count(0) == 5

    @pytest.mark.django_db
    @pytest.mark.parametrize("where", ["redis", "the table", "memory"])
    def test_whoever_is_slow_is_not_counted_over_the_others(self, monkeypatch, where):
        """Between looking and counting it stood still, while others counted."""
        limit, others = Limit("slow", 2, 60), []
        real = {"redis": cache, "the table": TableCache({}), "memory": LocMemCache("slow", {})}

        class Slow:
            def __getattr__(self, name):
                return getattr(real[where], name)

            def get(self, *words):
                found = real[where].get(*words)
                if not others:
                    others.append(None)
                    others[:] = [limit.take("x"), limit.take("x")]
                return found

        if where == "memory":  # it has no swap of its own
            assert not hasattr(real[where], "swap")
        monkeypatch.setattr(rate_limits, "cache", Slow())
        assert limit.take("x") > 0
        assert others == [0, 0]
        assert limit.is_reached("x")
        limit.give_back("x")
        assert (limit.take("x"), limit.take("x") > 0) == (0, True)

    def test_they_lie_where_every_process_sees_them(self, settings):
        assert "Redis" in settings.CACHES["default"]["BACKEND"]
        for name in ("production", "embedded"):
            text = Path(base.__file__).with_name(f"{name}.py").read_text()
            assert "LocMemCache" not in text
            assert "RedisCache" in text or "DatabaseCache" in text

    def test_keys_that_could_be_confused_are_not(self):
        limit = Limit("joined", 1, 60)
        assert limit.take("ab", "c") == 0
        assert limit.take("a", "bc") == 0
        assert limit.take("ab", "c") > 0

    def test_what_is_given_back_is_room_again(self):
        limit = Limit("given", 1, 60)
        assert limit.take("x") == 0
        limit.give_back("x")
        assert limit.take("x") == 0
        assert limit.is_reached("x")

    def test_waits_in_words(self):
        assert [how_long(each) for each in (5, 60, 61, 600)] == [
            "less than a minute",
            "1 minute",
            "2 minutes",
            "10 minutes",
        ]


@pytest.mark.django_db
class TestCodes:
    """Second factors: whoever gets there knows the password."""

    def of(self, address, cookies=None):
        request = RequestFactory().post("/", REMOTE_ADDR=address)
        request.COOKIES.update(cookies or {})
        return request

    def test_a_stranger_does_not_use_up_the_owners_tries(self, officer):
        mine = Client()
        tried(officer, PASSWORD, mine)
        cookies = {name: each.value for name, each in mine.cookies.items()}
        for number in range(4):
            for _ in range(5):
                guesses.code_try(self.of(f"198.51.100.{number}"), officer)
        with pytest.raises(ValidationError, match="Wait"):
            guesses.code_try(self.of(ELSEWHERE), officer)
        guesses.code_try(self.of(HOME, cookies), officer)()

    def test_wrong_passkeys_bar_neither_the_owner_nor_a_colleague(self, cast, officer):
        for user in (officer, cast.users["requester"]):
            with_app(user)
        stranger = passworded(officer)
        for _ in range(12):
            assert WRONG_PASSKEY in passkey_sent(stranger, ELSEWHERE)
        assert WRONG_PASSKEY in passkey_sent(passworded(officer), HOME)
        assert WRONG_PASSKEY in passkey_sent(passworded(cast.users["requester"]), ELSEWHERE)

    def test_right_codes_do_not_count(self, officer):
        for _ in range(12):
            guesses.code_try(self.of(HOME), officer)()


@pytest.mark.django_db
class TestForgotten:
    """Asking for a new password."""

    def ask(self, account, client=None, address=HOME, **more):
        client = client or Client()
        return client.post(
            "/accounts/password/reset/", {"email": account}, REMOTE_ADDR=address, **more
        )

    @pytest.mark.clause("ISA-4.3-SECURITY")
    def test_known_and_unknown_take_the_same_steps(self, officer, cast):
        read = []
        closed = cast.users["classmate"]
        closed.is_active = False
        closed.save()
        self.ask("warm.up@police.example")
        for account in (officer.email, "nobody@police.example", closed.email):
            with CaptureQueriesContext(connection) as queries:
                answer = self.ask(account)
            tables = [re.findall(r'(?:FROM|INTO|UPDATE) "(\w+)"', sql) for sql in texts(queries)]
            read.append((answer.status_code, answer["Location"], tables))
        assert read[0] == read[1] == read[2]
        assert not mail.outbox
        keep_promises()
        assert [email.to for email in mail.outbox] == [[officer.email]]

    def test_the_link_never_follows_the_host_header(self, officer, settings):
        settings.ALLOWED_HOSTS = ["*"]
        settings.PORTAL_URL = "https://portal.partnership.example"
        self.ask(
            officer.email, headers={"host": "evil.example", "x-forwarded-host": "evil.example"}
        )
        keep_promises()
        [email] = mail.outbox
        assert "https://portal.partnership.example/accounts/password/reset/key/" in email.body
        assert "evil" not in email.body

    def test_a_stranger_neither_fills_the_box_nor_bars_the_owner(self, officer):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for number in range(12):
                self.ask(officer.email, address=f"198.51.100.{number}")
            keep_promises()
            assert len(mail.outbox) == 1
            clock.shift(timedelta(minutes=3))
            assert self.ask(officer.email).status_code == 302
            keep_promises()
            assert len(mail.outbox) == 2

    def test_too_often_from_one_place_is_said_with_the_wait(self, officer):
        for account in (officer.email, "nobody@police.example"):
            answers = [self.ask(account) for _ in range(6)]
            assert [each.status_code for each in answers] == [302] * 5 + [200]
            assert wait_in(answers[-1])[1] == "60 minutes"


@pytest.mark.django_db
class TestWhatIsRefused:
    """Passwords anybody would try here."""

    @pytest.mark.parametrize(
        "password",
        [
            "short",
            "elevenchars",
            "123456789012",
            "qwertyuiop12",
            "AnytownSchool1",
            "Anytown Oak School 2026",
            "anytownfrontdoor",
            "Safeguarding2026!",
            "ShareInformation1",
            "partnership-partnership",
            "Passwórd123456",
            "Welcome12345!",
            "aaaaaaaaaaaaaaaa",
        ],
    )
    def test_common_and_local_words(self, cast, password):
        with pytest.raises(ValidationError):
            validate_password(password, cast.users["officer"])

    @pytest.mark.parametrize(
        "password", [PASSWORD, "a long and plain sentence", "vivid-otter-9-kettle"]
    )
    def test_what_is_good_enough(self, cast, password):
        validate_password(password, cast.users["officer"])

    def test_on_the_page_it_says_why(self, cast):
        client = Client()
        tried(cast.users["officer"], PASSWORD, client)
        new = "AnytownFrontDoor1"
        words = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        page = client.post("/accounts/password/change/", words).content.decode()
        assert "names of your agency" in page

    def test_an_old_hash_is_made_anew_at_sign_in(self, officer, settings):
        settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
        officer.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1000)
        officer.save()
        client = Client()
        assert is_in(tried(officer, PASSWORD, client))
        officer.refresh_from_db()
        assert officer.password.startswith("argon2$argon2id$")
        assert client.get("/").status_code == 200


@pytest.mark.django_db
class TestHost:
    """A forged Host header."""

    @pytest.mark.parametrize("host", ["evil.example", "portal.example.evil.example", "a b", ""])
    def test_it_is_refused(self, settings, host):
        settings.ALLOWED_HOSTS = ["portal.partnership.example"]
        for path in ("/accounts/login/", "/accounts/password/reset/", "/"):
            assert Client().get(path, headers={"host": host}).status_code == 400

    def test_a_forwarded_host_counts_for_nothing(self, settings):
        settings.ALLOWED_HOSTS = ["portal.partnership.example"]
        headers = {"host": "portal.partnership.example", "x-forwarded-host": "evil.example"}
        answer = Client().get("/", headers=headers)
        assert answer["Location"].startswith("/accounts/login/")
        assert not getattr(base, "USE_X_FORWARDED_HOST", False)
