"""A broker that is down holds nobody up, and loses nothing."""

import socket
from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from outbox import tasks
from outbox.models import Message
from outbox.tasks import sweep
from portal.celery import app
from portal.settings import base
from requests_app.models import InformationRequest
from tests import walks

pytestmark = pytest.mark.django_db(transaction=True)

A_PAGE = 20  # seconds that all tries together may take at the very most


@pytest.fixture
def tries(monkeypatch, settings):
    """The broker's address refuses every connection; how long each try was ready to wait."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening, so that nobody else answers
        settings.REDIS_TIMEOUT = base.REDIS_TIMEOUT
        url = f"redis://127.0.0.1:{taken.getsockname()[1]}/0"
        monkeypatch.setenv("CELERY_BROKER_WRITE_URL", url)
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        monkeypatch.setattr(tasks.KEPT, "broker", None)
        waits = []
        connect = redis.connection.Connection._connect

        def counted(connection):
            if connection.port == taken.getsockname()[1]:
                waits.append(connection.socket_connect_timeout + connection.socket_timeout)
            return connect(connection)

        monkeypatch.setattr(redis.connection.Connection, "_connect", counted)
        yield waits


def test_an_act_is_answered_and_its_message_waits(cast, tries):
    case = walks.sent(cast)
    assert case.status == InformationRequest.Status.SENT
    assert tries
    assert sum(tries) < A_PAGE
    assert list(Message.objects.due().values_list("topic", "tries")) == [("request.sent", 0)]


def test_the_sweep_stops_at_the_first_refusal(cast, tries):
    first = Message.objects.create(topic="request.sent", about="x")
    sweep()
    for_one = len(tries)
    Message.objects.bulk_create(Message(topic="request.sent", about=str(n)) for n in range(20))
    sweep()
    assert len(tries) == 2 * for_one
    first.refresh_from_db()
    assert (first.tries, first.done_at) == (0, None)


def test_each_promise_that_is_due_is_a_task_of_its_own(db, monkeypatch):
    kept, queued = [], []
    monkeypatch.setattr(tasks, "keep", kept.append)
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda args, **_: queued.extend(args))
    due = [Message.objects.create(topic="request.sent", about=str(n)).pk for n in range(3)]
    later = timezone.now() + timedelta(hours=1)
    Message.objects.create(topic="request.sent", about="later", next_try_at=later)
    sweep()
    assert (queued, kept) == (due, [])


@pytest.mark.worker
def test_when_the_broker_is_back_everybody_is_told(cast, worker, smtp, monkeypatch):
    with monkeypatch.context() as down:
        down.setenv("CELERY_BROKER_WRITE_URL", "redis://127.0.0.1:9/0")
        down.setattr(app.amqp, "_producer_pool", None)
        down.setattr(tasks.KEPT, "broker", None)
        walks.sent(cast)
    worker.wait_until_idle()
    assert len(smtp) == 0
    sweep()
    worker.wait_until_idle()
    assert len(smtp) == 2
