"""A Redis that is gone, and one that is frozen, in front of everything that asks for Redis."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from authentication.throttling import cache as redis_or_table
from outbox import waking
from outbox.circuit_breaker import Gone
from outbox.tasks import KEPT
from portal.celery import app
from portal.settings import base
from scripts.servers import redis as a_redis
from tests.patience import PATIENCE

# What was waited for in vain, in seconds: each entry is one wait that ran out or was refused.
Waits = list[float]


class Lost:
    """Where the lost Redis would be, and what was waited for it in vain."""

    def __init__(self, port: int, process: int) -> None:
        self.port, self.process = port, process
        self.waits: Waits = []

    def waited(self) -> float:
        """What was waited since this was asked last, at the most."""
        longest = sum(self.waits)
        self.waits.clear()
        return longest

    def freezes(self) -> None:
        """One that was awake stands still."""
        os.kill(self.process, signal.SIGSTOP)
        _wait_until_lost(self.process, self.port, "frozen")

    def wakes(self) -> None:
        """A frozen one goes on, and does what it was told meanwhile."""
        os.kill(self.process, signal.SIGCONT)
        patient = redis.Redis(port=self.port, socket_timeout=PATIENCE)
        patient.ping()
        patient.close()

    def found_again(self) -> None:
        """As if enough time had passed for somebody to ask again."""
        for each in (waking.BROKER, redis_or_table.REDIS):
            if each._until:
                each._until = 0.001


@pytest.fixture(params=["gone", "frozen"])
def lost_redis(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    settings: object,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Lost]:
    """Point counts and broker at a Redis that ended, or that stands still in mid-work."""
    with a_redis(tmp_path) as port:
        url = f"redis://127.0.0.1:{port}"
        process = int(redis.Redis.from_url(url).info("server")["process_id"])
        lost = Lost(port, process)
        _point_there(lost, url, settings, monkeypatch)
        os.kill(process, signal.SIGSTOP if request.param == "frozen" else signal.SIGTERM)
        try:
            _wait_until_lost(process, port, request.param)
            yield lost
        finally:
            if request.param == "frozen":
                os.kill(process, signal.SIGCONT)


def _wait_until_lost(process: int, port: int, how: str) -> None:
    """A signal is sent before it is obeyed."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if how == "frozen":
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "T":
                return
        else:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)):
                    return
        time.sleep(0.01)
    pytest.fail(f"Redis, process {process}, goes on although it was told to be {how}.")


def _point_there(lost: Lost, url: str, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_TIMEOUT = base.REDIS_TIMEOUT  # type: ignore[attr-defined]
    settings.CACHES = {  # type: ignore[attr-defined]
        "default": {**settings.CACHES["default"], "LOCATION": f"{url}/1"}  # type: ignore[attr-defined]
    }
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"{url}/0")
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    monkeypatch.setattr(KEPT, "broker", None)
    monkeypatch.setattr(waking, "BROKER", Gone())
    monkeypatch.setattr(redis_or_table, "REDIS", Gone())
    kind = redis.connection.Connection
    connect, read = kind._connect, kind.read_response

    def counted_connect(connection: redis.connection.Connection) -> object:
        try:
            return connect(connection)
        except Exception:
            _note(connection, connection.socket_connect_timeout)
            raise

    def counted_read(
        connection: redis.connection.Connection, *words: object, **named: object
    ) -> object:
        try:
            return read(connection, *words, **named)
        except redis.exceptions.ConnectionError:
            _note(connection, connection.socket_timeout)
            raise
        except redis.exceptions.TimeoutError:
            _note(connection, connection.socket_timeout)
            raise

    def _note(connection: redis.connection.Connection, seconds: float) -> None:
        if connection.port == lost.port:
            lost.waits.append(seconds)

    monkeypatch.setattr(kind, "_connect", counted_connect)
    monkeypatch.setattr(kind, "read_response", counted_read)
