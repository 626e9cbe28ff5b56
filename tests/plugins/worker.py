"""A real Celery worker, in processes of its own, on the databases of the tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE
from tests.plugins import routes
from tests.plugins.mail import Mails

OF_KEYS = ("KEYSTORE_DATABASE_URL", "KEYRING_FILE", "FILES_DIR")
CALM = 3  # looks in a row, with an answer of the worker between each two


class Worker:
    """The running worker, and what a test may ask of it."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process, self.log = process, log
        self.read_from = 0

    def begin(self) -> None:
        """Whatever is in the log now belongs to other tests."""
        self.read_from = self.log.stat().st_size

    def logged(self) -> str:
        """What the worker has logged since the test began."""
        with self.log.open("rb") as log:
            log.seek(self.read_from)
            return log.read().decode()

    def wait_until_idle(self, seconds: float = PATIENCE) -> None:
        """Wait until no task is queued, reserved or running.

        A message is for a moment in neither list, between being taken and being noted as taken.
        The worker does both in one turn of its loop, so its answers to a ping tell such moments
        from rest.
        """
        from portal.celery import app

        deadline, calm = time.monotonic() + seconds, 0
        with app.connection_for_read() as connection:
            client = connection.default_channel.client
            while time.monotonic() < deadline:
                assert self.process.poll() is None, self.log.read_text()
                busy = client.llen(routes.ATTENDED) + client.zcard("unacked_index")
                calm = 0 if busy else calm + 1
                if calm == CALM:
                    return
                if busy:
                    time.sleep(0.03)
                else:
                    app.control.inspect(limit=1, timeout=1).ping()
        raise AssertionError(f"The worker did not come to rest:\n{self.log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def worker_process(
    django_db_setup: None, django_db_blocker: Any, smtp_server: Mails, _keyring: None
) -> Iterator[Worker]:
    """Start it once; stop it before the databases are dropped."""
    from django.conf import settings
    from django.db import connections

    def url(alias: str) -> str:
        config = connections[alias].settings_dict
        # As in production: it reads every case, and the wall does not let it start as the owner.
        return f"postgres://portal_worker@{config['HOST']}:{config['PORT']}/{config['NAME']}"

    env = {
        **{name: value for name, value in os.environ.items() if name not in OF_KEYS},
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "DATABASE_URL": url("default"),
        # As in production: it writes and sends every e-mail, and no key reaches it.
        "PORTAL_KEYS": "none",
        "EMAIL_URL": f"smtp://{smtp_server.host}:{smtp_server.port}",
        "PYTEST": "false",  # what the worker itself queues, the worker takes
    }
    log = Path(settings.VAR) / "worker.log"
    command = ["-m", "celery", "-A", "portal", "worker", "--loglevel", "INFO", "--concurrency", "1"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command, *quiet],
            env=env,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    deadline = time.monotonic() + PATIENCE
    while " ready." not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail(f"The worker did not start:\n{log.read_text()}")
        time.sleep(0.05)
    yield Worker(process, log)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def worker(worker_process: Worker, transactional_db: None, smtp: Mails) -> Iterator[Worker]:
    """The worker, idle at the start and at the end, so that no task outlives its rows."""
    worker_process.wait_until_idle()
    worker_process.begin()
    routes.current["queue"] = routes.ATTENDED
    yield worker_process
    routes.current["queue"] = routes.UNATTENDED
    worker_process.wait_until_idle()
