"""Whether this process can work: asked seldom, by one thread, and never waited for long.

Anybody may ask, and a machine asks every few seconds. So an answer stands for some seconds, what
is dear is asked once a minute, and whoever asks while a part does not answer is told no.
"""

import time
from collections.abc import Callable, Mapping
from threading import Event, Lock, Thread
from typing import Final

import structlog
from django.db import connections

from portal.slots import SlotMiddleware
from portal.startup_checks import check_keys, restored_faults
from workflow.rate_limits import TooMany

logger = structlog.get_logger(__name__)

STANDS_FOR: Final = 5.0  # seconds
SELDOM: Final = 60.0
LONGEST: Final = 2.0  # that somebody waits for an answer
GIVEN_UP: Final = 30.0  # after which a question that nobody answers is put once more


def _ask_database(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_whether_proved() -> None:
    if found := restored_faults(connections):
        raise RuntimeError(found[0])


PARTS: dict[str, Callable[[], None]] = {
    "database": lambda: _ask_database("default"),
    "keystore": lambda: _ask_database("keystore"),
    "keys": check_keys,
    "restore": _ask_whether_proved,
}
DEAR: Final = frozenset({"keys", "restore"})


class Readiness:
    """What this process knows of whether it can work."""

    def __init__(self, parts: Mapping[str, Callable[[], None]]) -> None:
        self._parts = parts
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        """As after a start: ask everything anew."""
        self._is_ready = False
        self._answered: dict[str, bool] = {}
        self._known_at = self._begun_at = float("-inf")
        self._well_at: dict[str, float] = {}
        self._done = Event()
        self._done.set()

    def is_ready(self) -> bool:
        """Whether everything that is needed answers; says no where that takes too long."""
        return self._is_known_in_time() and self._is_ready

    def parts(self) -> dict[str, bool]:
        """Whether each part answers; none does where that takes too long."""
        is_known = self._is_known_in_time()
        return {name: is_known and self._answered.get(name, False) for name in self._parts}

    def _is_known_in_time(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if now - self._known_at < STANDS_FOR:
                return True
            is_asking = not self._done.is_set()
            if not is_asking or now - self._begun_at > GIVEN_UP:
                self._done, self._begun_at = Event(), now
                Thread(target=self._find_out, args=[self._done], daemon=True).start()
            done, left = self._done, self._begun_at + LONGEST - now
        return done.wait(max(0.0, left))

    def _find_out(self, done: Event) -> None:
        slots = SlotMiddleware.slots
        try:
            if slots:
                slots.take(patience=0)
            # Each is asked, so that the log names all that is wrong.
            answers = {name: self._answers(name, ask) for name, ask in self._parts.items()}
            self._answered, self._is_ready = answers, all(answers.values())
        except TooMany:
            pass  # every connection is in use: nothing new is known, and the last answer stands
        finally:
            self._known_at = time.monotonic()
            done.set()
            if slots:
                slots.give_back()
            else:
                connections.close_all()

    def _answers(self, name: str, ask: Callable[[], None]) -> bool:
        now = time.monotonic()
        if name in DEAR and now - self._well_at.get(name, float("-inf")) < SELDOM:
            return True
        try:
            ask()
        except Exception:  # whatever is wrong with a part, the answer is "not ready"
            logger.exception("part_not_ready", part=name)
            return False
        self._well_at[name] = now
        return True


READINESS: Final = Readiness(PARTS)
