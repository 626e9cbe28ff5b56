"""Runs a few processes as one portal: what ends is started again, and nothing outlives it."""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from portal.running.child import Child
from portal.running.record import Record
from portal.settings.environment import BASE_DIR

GRACE: Final = 8  # seconds to stop; then what is left is killed
TICK: Final = 0.1
SLOW: Final = 60  # seconds after which a part that is still starting is spoken of
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """The parent of the processes, until a signal, or until one of them cannot start at all.

    All of them get ``environment``, and each what ``own`` names for it. They inherit ``kept``,
    descriptors that hold the lock of the folder for as long as one of them lives.
    """

    def __init__(
        self,
        commands: Mapping[str, list[str]],
        *,
        say: Callable[[str], None],
        record: Path,
        own: Mapping[str, Mapping[str, str]] | None = None,
        kept: tuple[int, ...] = (),
    ) -> None:
        self.say_to, self.kept = say, kept
        self.children = [
            Child(name, command, {**os.environ, **(own or {}).get(name, {})})
            for name, command in commands.items()
        ]
        self.record = Record(record, [child.part for child in self.children])
        self.times_asked_to_stop = 0
        self._parent, self._held = os.pipe()
        self._spoken_of: set[str] = set()

    def run(self, ready: Callable[[], None]) -> int:
        """Start all, call ``ready`` once all are up, keep them running; 0 if asked to stop."""
        for wanted in SIGNALS:
            if wanted != signal.SIGHUP or signal.getsignal(wanted) != signal.SIG_IGN:  # by nohup
                signal.signal(wanted, self._stop_soon)
        greeted = False
        try:
            while not self.times_asked_to_stop:
                for child in self.children:
                    if not self._look_after(child):
                        return 1
                if not greeted and all(child.part.up_since for child in self.children):
                    greeted = True
                    with suppress(OSError, ValueError):
                        ready()
                self.record.write()
                time.sleep(TICK)
            return 0
        finally:
            self._stop_all()
            self.record.remove()
            for wanted in SIGNALS:  # asked for once more while it goes: it is going
                signal.signal(wanted, signal.SIG_IGN)

    def say(self, text: str) -> None:
        """Say it, if anybody can hear it: a closed or full output ends nothing."""
        with suppress(OSError, ValueError):
            self.say_to(text)

    def _stop_soon(self, _number: int, _frame: object) -> None:
        self.times_asked_to_stop += 1

    def _look_after(self, child: Child) -> bool:
        """Start it when it is time, hear what it says; False once it cannot start at all."""
        if child.is_due:
            return self._start(child)
        if child.process is None:
            return True
        was_still = child.part.still
        if child.listen() and child.part.ends:
            self.say(f"The {child.name} is up again.")
        if child.part.still and not was_still:
            self.say(f"The {child.name} stands still: its loop no longer turns.")
        if child.has_ended():
            return self._again(child, child.bury())
        self._speak_of_slow(child)
        return True

    def _start(self, child: Child) -> bool:
        try:
            child.start(self._parent, self.kept)
        except OSError as fault:
            how = f"it could not be started: {fault.strerror}"
            child.note_end(how)
            return self._again(child, how)
        return True

    def _again(self, child: Child, how: str) -> bool:
        """Say that it ended and when it starts again; False if it was never up."""
        if child.was_up:
            seconds = "1 second" if child.pause == 1 else f"{child.pause} seconds"
            self.say(f"The {child.name} ended by itself ({how}). It starts again in {seconds}.")
            return True
        last = "".join(f"\n  {line}" for line in child.tail)
        self.say(
            f"The {child.name} cannot start ({how}), so the portal stops."
            + (f" It said last:{last}" if last else "")
        )
        return False

    def _speak_of_slow(self, child: Child) -> None:
        late = time.monotonic() - child.begun_at > SLOW
        if late and child.part.up_since is None and child.name not in self._spoken_of:
            self._spoken_of.add(child.name)
            self.say(f"The {child.name} has been starting for {SLOW} seconds, and is waited for.")

    def _stop_all(self) -> None:
        """Ask each to stop, wait; kill what is left, at once if asked a second time."""
        for child in self.children:
            child.ask_to_stop()
        deadline, asked = time.monotonic() + GRACE, self.times_asked_to_stop
        while time.monotonic() < deadline and self.times_asked_to_stop == asked:
            if all(child.process is None or child.has_ended() for child in self.children):
                break
            time.sleep(TICK)
        for child in self.children:
            child.clear()


def gunicorn_command(port: int) -> list[str]:
    """The web server: one process, so that SQLite has one writer's queue, and eight threads."""
    options = {
        "bind": f"127.0.0.1:{port}",
        "workers": "1",
        "threads": "8",
        "timeout": "60",
        "graceful-timeout": "5",
        "config": "python:portal.gunicorn",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "gunicorn", "portal.wsgi", *flags]


def sequencer_command() -> list[str]:
    """The sequencer of the ledger, which alone reads the signing key."""
    return [sys.executable, str(BASE_DIR / "manage.py"), "ledger", "sequence"]


def worker_command() -> list[str]:
    """The worker, which delivers what the outbox holds and keeps the clock."""
    return [sys.executable, str(BASE_DIR / "manage.py"), "work"]
