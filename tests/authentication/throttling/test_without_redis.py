"""Redis gone or frozen: people sign in, guessing is slow, and no page waits for long (bug 5)."""

import contextlib
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from authentication.tasks import forget_used_codes
from authentication.throttling.cache import SwappingRedis, TableCache, forget_past_counts
from outbox import waking
from outbox.models import Message
from outbox.post import post
from outbox.waking import one_wake_up
from sessions.models import Count
from tests import walks
from tests.authentication.throttling.test_throttling import HOME, is_in, tried, wait_in
from tests.cast import PASSWORD
from tests.requests_app.release.test_releasing import filled, taken_in

A_PAGE = 0.2  # seconds that a page may wait for Redis, all waits together

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(cast):
    return cast.users["officer"]


def test_people_sign_in_and_no_page_waits_longer_than_it_may(officer, lost_redis):
    client = Client()
    for _ in range(3):
        assert is_in(tried(officer, PASSWORD, client, HOME))
        assert lost_redis.waited() <= A_PAGE
        assert client.get("/").status_code == 200
        assert lost_redis.waited() <= A_PAGE
        client.post("/accounts/logout/")
        lost_redis.found_again()
    assert tried(officer, PASSWORD, client, HOME)
    assert lost_redis.waits, "nobody asked that Redis, so this shows nothing"


def test_guesses_are_counted_in_postgresql(officer, lost_redis):
    for _ in range(5):
        assert wait_in(tried(officer)) is None
    refused = tried(officer, PASSWORD)
    assert not is_in(refused)
    assert wait_in(refused)[1] == "5 minutes"
    assert is_in(tried(officer, PASSWORD, address=HOME))
    assert Count.objects.exists()
    rows = str(list(Count.objects.values_list("place", "value")))
    assert officer.email not in rows
    assert HOME not in rows


@pytest.mark.parametrize("lost_redis", ["frozen"], indirect=True)
def test_a_lock_that_it_takes_when_it_wakes_holds_nobody_up(officer, lost_redis):
    """What was asked in vain is done when it wakes: each sign-in for ten seconds was refused."""
    lost_redis.wakes()
    assert cache.get("nothing") is None  # from now on there is a connection
    lost_redis.freezes()
    assert cache.add("a-lock", 1, 60), "in the table"
    for _ in range(2):
        lost_redis.found_again()
        assert is_in(tried(officer, PASSWORD, address=HOME))
    lost_redis.wakes()
    lost_redis.found_again()
    assert cache.add("a-lock", 1, 60)
    lost_redis.waited()
    assert is_in(tried(officer, PASSWORD, address=HOME))
    assert not lost_redis.waits


@pytest.mark.parametrize(("mine", "theirs"), [("mine", "theirs"), (True, True), (1, 1)])
@pytest.mark.parametrize("lost_redis", ["frozen"], indirect=True)
def test_what_somebody_else_holds_since_is_not_taken_back(lost_redis, settings, mine, theirs):
    """One asked in vain; another took the lock when Redis woke, and holds it.

    Both perhaps put the same there: the library that locks has one value for all.
    """
    lost_redis.wakes()
    assert cache.get("nothing") is None
    lost_redis.freezes()
    assert cache.add("a-lock", mine, 60), "in the table"
    lost_redis.wakes()
    server = {**settings.CACHES["default"]}
    other = SwappingRedis(server.pop("LOCATION"), server)
    other.delete("a-lock")
    assert other.add("a-lock", theirs, 60)
    lost_redis.found_again()
    assert cache.get("a-lock") == theirs
    assert not cache.add("a-lock", mine, 60)
    assert cache.swap("a-lock", theirs, None)
    assert cache.get("a-lock") is None


def test_a_new_password_can_be_asked_for(officer, lost_redis):
    page = Client().post("/accounts/password/reset/", {"email": officer.email}, REMOTE_ADDR=HOME)
    assert page.status_code == 302
    assert lost_redis.waited() <= A_PAGE
    assert Message.objects.filter(topic="signin.password_reset", to="").exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_tells_three_wakes_the_workers_once(cast, signed_in, lost_redis):
    case = walks.accepted(cast)
    answer = taken_in(cast, case)
    told = [str(cast.users[name].pk) for name in ("requester", "classmate", "school_spoc")]
    officer, before = signed_in("officer"), Message.objects.count()
    lost_redis.found_again()
    lost_redis.waited()
    page = officer.post(
        reverse("requests:release", args=[case.pk]), filled(cast, answer, recipients=told)
    )
    assert page.status_code == 302, page.content.decode()
    assert Message.objects.count() - before >= 1
    assert lost_redis.waits, "nobody asked that Redis, so this shows nothing"
    assert lost_redis.waited() <= A_PAGE


@pytest.mark.django_db(transaction=True)
def test_one_wake_up_a_request_and_after_its_commit(cast, monkeypatch):
    woken = []
    monkeypatch.setattr(waking, "queue", lambda *call, **how: woken.append((*call, how)) or True)
    about = cast.users["officer"]
    with one_wake_up():
        with transaction.atomic():
            posted = [post("signin.linked", about=about).pk for _ in range(3)]
            assert not woken
        with contextlib.suppress(ValueError), transaction.atomic():
            post("signin.linked", about=about)
            raise ValueError
        assert not woken
    assert woken == [(posted, {"briefly": True})]


class TestTheTable:
    """What stands in for Redis keeps what a cache keeps."""

    def test_of_two_who_swap_the_same_one_has_swapped(self):
        table = TableCache({})
        for stored in (table, cache):
            assert stored.swap("s", None, [1.25], 60)
            assert not stored.swap("s", None, [2.25], 60)
            assert stored.swap("s", [1.25], [1.25, 3.5], None)
            assert not stored.swap("s", [1.25], [4.5], 60)
            assert stored.get("s") == [1.25, 3.5]
            assert stored.swap("s", [1.25, 3.5], None)
            assert stored.get("s") is None
            assert not stored.swap("s", [1.25, 3.5], None)

    def test_what_is_put_there_is_there_until_its_time(self):
        table = TableCache({})
        assert table.get("a") is None
        table.set("a", [1.5, 2.5], 60)
        assert table.get("a") == [1.5, 2.5]
        table.set("a", [3.5], 60)
        assert table.get("a") == [3.5]
        assert table.touch("a", 120)
        assert table.delete("a")
        assert not table.delete("a")
        table.set("a", 1, -1)
        assert table.get("a", "nothing") == "nothing"
        assert not table.touch("a", 60)

    def test_of_two_who_add_one_has_added_and_after_its_time_another_may(self):
        table = TableCache({})
        assert table.add("lock", 1, 60)
        assert not table.add("lock", 1, 60)
        table.set("lock", 1, -1)
        assert table.add("lock", 2, 60)
        assert table.get("lock") == 2

    def test_the_clock_forgets_what_counts_no_more(self):
        now = timezone.now()
        Count.objects.create(place="past", value=1, until=now - timedelta(seconds=1))
        Count.objects.create(place="to come", value=1, until=now + timedelta(hours=1))
        forget_used_codes()
        assert [each.place for each in Count.objects.all()] == ["to come"]
        forget_past_counts()
        assert Count.objects.count() == 1

    def test_it_says_no_key(self):
        TableCache({}).set("limit:somebody@police.example", 1, 60)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM signed_in_count")
            assert "police" not in str(cursor.fetchall())

    def test_while_redis_answers_nothing_is_written_there(self):
        cache.set("a", 1, 60)
        assert cache.get("a") == 1
        assert not Count.objects.exists()
