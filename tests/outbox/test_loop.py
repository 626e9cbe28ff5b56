"""The outbox as its own queue: what is due goes out, and neither a fault nor the clock stops it."""

import errno
import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from outbox import loop, tasks
from outbox.loop import Deliveries, growing
from outbox.models import Message
from outbox.post import post
from portal.clock import Clock
from portal.management.commands.work import PAUSE, Work
from tests import walks

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def no_broker(settings):
    settings.CELERY_BROKER_URL = ""


@pytest.fixture
def kept(monkeypatch):
    """What was delivered, in order; a topic says how its delivery goes wrong."""
    found = []
    faults = {
        "broken": RuntimeError("words of a person"),
        "full": OSError(errno.ENOSPC, "no room"),
        "locked": OperationalError("database is locked"),
    }

    def keep(message):
        found.append(message.about)
        if message.topic in faults:
            raise faults[message.topic]
        return []

    monkeypatch.setattr(tasks, "keep", keep)
    return found


def email(topic="fine", **columns):
    return Message.objects.create(topic=topic, about=str(Message.objects.count()), **columns)


@pytest.mark.django_db(transaction=True)
class TestDeliveries:
    """Delivery."""

    def test_what_an_act_promises_is_queued_nowhere_and_goes_out(self, cast, smtp, no_broker):
        walks.sent(cast)
        assert len(smtp) == 0
        deliveries = Deliveries()
        while deliveries.deliver_due():
            pass
        assert len(smtp) == 2
        assert not Message.objects.filter(done_at=None).exists()
        assert not deliveries.deliver_due()
        assert len(smtp) == 2

    def test_without_a_broker_nobody_is_asked_for_one(self, no_broker, monkeypatch):
        monkeypatch.setattr(tasks.deliver, "apply_async", pytest.fail)
        monkeypatch.setattr(tasks.current_app, "connection_for_write", pytest.fail)
        message = email()
        post("fine", message)
        tasks.sweep()
        assert Message.objects.due().count() == 2

    def test_an_email_that_cannot_be_kept_holds_up_no_other(self, no_broker, kept):
        email("broken")
        email()
        deliveries = Deliveries()
        assert deliveries.deliver_due()
        assert kept == ["0", "1"]
        assert not deliveries.deliver_due()
        broken = Message.objects.get(topic="broken")
        assert (broken.tries, broken.done_at) == (1, None)
        assert broken.next_try_at > timezone.now()

    @pytest.mark.parametrize("topic", ["full", "locked"])
    def test_a_full_or_locked_disk_is_no_fault_of_the_email(self, no_broker, kept, topic):
        bad = email(topic)
        email()
        deliveries = Deliveries()
        with pytest.raises((OSError, OperationalError)):
            deliveries.deliver_due()
        assert kept == ["0"]
        bad.refresh_from_db()
        assert bad.tries == 0
        assert deliveries.deliver_due(), "the other one is not held up"
        assert kept == ["0", "1"]
        Message.objects.filter(pk=bad.pk).update(topic="fine")
        deliveries.put_off.clear()  # its second is over
        assert deliveries.deliver_due()
        assert kept == ["0", "1", "0"]

    def test_only_the_kind_of_fault_is_logged(self, no_broker, kept, monkeypatch, caplog):
        def broken(_pk):
            raise RuntimeError("words of a person")

        monkeypatch.setattr(loop, "deliver", broken)
        message = email()
        with caplog.at_level(logging.WARNING):
            assert Deliveries().deliver_due()
        assert f"message {message.pk} was not delivered: RuntimeError" in caplog.text
        assert "words of a person" not in caplog.text

    def test_a_clock_that_was_set_back_leaves_no_email_waiting(self, no_broker, kept):
        deliveries = Deliveries()
        with time_machine.travel(NOON, tick=True):
            deliveries.deliver_due()
            email("broken")
            deliveries.deliver_due()
        assert kept == ["0"]
        Message.objects.update(topic="fine")
        with time_machine.travel(NOON - timedelta(hours=5), tick=True):
            assert deliveries.deliver_due()
            assert not deliveries.deliver_due()
        assert kept == ["0", "0"]

    def test_so_does_one_that_was_set_back_while_nothing_ran(self, no_broker, kept):
        with time_machine.travel(NOON):
            email()
        with time_machine.travel(NOON - timedelta(days=400), tick=True):
            assert Deliveries().deliver_due()
        assert kept == ["0"]

    def test_a_clock_that_was_set_forward_sends_nothing_twice(self, no_broker, kept):
        deliveries = Deliveries()
        with time_machine.travel(NOON, tick=True):
            email()
            assert deliveries.deliver_due()
        with time_machine.travel(NOON + timedelta(days=4000), tick=True):
            assert not deliveries.deliver_due()
        assert kept == ["0"]

    def test_a_turn_ends_when_it_is_asked_to(self, no_broker, kept):
        for _ in range(3):
            email()
        assert Deliveries().deliver_due(lambda: len(kept) < 2)
        assert kept == ["0", "1"]


ran: list[str] = []


@shared_task(name="tests.noted")
def noted():
    ran.append("noted")


@pytest.fixture(autouse=True)
def _nothing_ran():
    ran.clear()


@pytest.mark.django_db(transaction=True)
class TestTurns:
    """The loop of both."""

    def work(self):
        return Work(Deliveries(), Clock({"often": {"task": "tests.noted", "schedule": 3600.0}}))

    def test_emails_come_before_the_clock_and_then_it_pauses(self, no_broker, kept):
        email()
        work = self.work()
        assert work.turn() == 0
        assert (kept, ran) == (["0"], ["noted"])
        assert work.turn() == PAUSE

    def test_a_database_in_trouble_is_waited_out_with_growing_pauses(self, no_broker, kept):
        email("locked")
        work = self.work()
        assert work.turn() == 1
        work.deliveries.put_off.clear()
        assert work.turn() == 2
        assert ran == [], "the clock's tasks wait too"
        Message.objects.update(topic="fine")
        work.deliveries.put_off.clear()
        assert work.turn() == 0
        assert kept == ["0", "0", "0"]
        assert work.troubles == 0

    def test_no_fault_ends_it(self, no_broker, monkeypatch, caplog):
        work = self.work()

        def broken(_may_go_on):
            raise RuntimeError("words of a person")

        monkeypatch.setattr(work.deliveries, "deliver_due", broken)
        assert [work.turn() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
        assert "words of a person" not in caplog.text

    def test_pauses_grow_and_stop_growing(self):
        assert [growing(count) for count in (1, 2, 3, 4, 5, 6, 1000)] == [1, 2, 4, 8, 16, 30, 30]
