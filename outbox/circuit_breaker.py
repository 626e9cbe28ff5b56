"""Whether a server that pages can do without is gone, so that one page waits for it, not each."""

import time
from threading import Lock
from typing import Final

ASK_AGAIN: Final = 5.0  # seconds


class Gone:
    """What this process knows of one server: after a fault nobody asks it for a while.

    Then one asks again, and the others go on without it until that one was answered.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._until = 0.0

    def may_ask(self) -> bool:
        """Whether it is worth asking."""
        with self._lock:
            if not self._until:
                return True
            now = time.monotonic()
            if now < self._until:
                return False
            self._until = now + ASK_AGAIN
            return True

    def failed(self) -> bool:
        """It did not answer; whether that is news."""
        with self._lock:
            is_news = not self._until
            self._until = time.monotonic() + ASK_AGAIN
            return is_news

    def answered(self) -> None:
        """It is there."""
        with self._lock:
            self._until = 0.0
