"""Runs a few processes as one: all of them start, and when one ends all of them end."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from portal.settings.environment import BASE_DIR

PATIENCE = 60  # seconds to become ready
GRACE = 15  # seconds to stop
TICK = 0.2


class Supervisor:
    """The parent of the processes, until a signal or the first death among them.

    All of them get ``environment``, and each what ``own`` names for it.
    """

    def __init__(
        self,
        commands: Mapping[str, list[str]],
        *,
        say: Callable[[str], None],
        environment: Mapping[str, str],
        own: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.commands, self.say = commands, say
        self.environment = {**os.environ, **environment}
        self.own = own
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.asked_to_stop = False

    def run(self, address: str, ready: Callable[[], None]) -> int:
        """Start all, call ``ready`` once the address answers, wait; 0 if we were asked to stop."""
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wanted, self._stop_soon)
        try:
            for name, command in self.commands.items():
                # A session of its own: Ctrl-C reaches only us, and we stop them in order.
                self.running[name] = subprocess.Popen(  # noqa: S603 - our own commands
                    command,
                    env={**self.environment, **self.own.get(name, {})},
                    start_new_session=True,
                )
            if self._becomes_ready(address):
                ready()
            while not self.asked_to_stop and not self._dead():
                time.sleep(TICK)
            return self._verdict()
        finally:
            self._stop_all()

    def _stop_soon(self, _number: int, _frame: object) -> None:
        self.asked_to_stop = True

    def _dead(self) -> str | None:
        return next(
            (name for name, child in self.running.items() if child.poll() is not None), None
        )

    def _becomes_ready(self, address: str) -> bool:
        deadline = time.monotonic() + PATIENCE
        while not self.asked_to_stop and not self._dead():
            if _answers(address):
                return True
            if time.monotonic() > deadline:
                self.say(f"The portal did not become ready in {PATIENCE} seconds.")
                self.asked_to_stop = True
                return False
            time.sleep(TICK)
        return False

    def _verdict(self) -> int:
        name = self._dead()
        if name is None or self.asked_to_stop:
            return 0
        code = self.running[name].returncode
        self.say(f"The {name} ended by itself (exit code {code}); everything else is stopped too.")
        return 1

    def _stop_all(self) -> None:
        for child in self.running.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + GRACE
        for child in self.running.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
            return True
    except (OSError, urllib.error.HTTPError):
        return False


def gunicorn_command(port: int) -> list[str]:
    """The web server: one process, so that SQLite has one writer's queue, and eight threads."""
    options = {
        "bind": f"127.0.0.1:{port}",
        "workers": "1",
        "threads": "8",
        "timeout": "60",
        "graceful-timeout": "10",
        "config": "python:portal.gunicorn",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "gunicorn", "portal.wsgi", *flags]


def sequencer_command() -> list[str]:
    """The sequencer of the ledger, which alone reads the signing key."""
    return [sys.executable, str(BASE_DIR / "manage.py"), "ledger", "sequence"]


def worker_command(var: Path) -> list[str]:
    """The worker, with the clock (``-B``) inside it."""
    return [
        *[sys.executable, "-m", "celery", "-A", "portal", "--quiet", "worker"],
        *["--pool", "prefork", "--concurrency", "1", "--loglevel", "WARNING"],
        *["-B", "--schedule", str(var / "beat")],
        *["--without-gossip", "--without-mingle", "--without-heartbeat"],
    ]
