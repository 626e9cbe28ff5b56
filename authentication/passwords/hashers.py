"""Passwords are hashed a few at a time: each takes a third of a second and 100 MiB (M7).

Whoever comes when too many are at it is told so, rather than that the server runs out of memory.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher

from workflow.rate_limits import TooMany

AT_ONCE: Final = 2  # in one process; compose runs two
LONGEST_WAIT: Final = 3.0  # seconds
_turns = BoundedSemaphore(AT_ONCE)


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """Django's own, in turns; raises TooMany where a turn does not come."""

    def encode(self, password: str, salt: str) -> str:
        """A new hash."""
        with _a_turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether it is the password."""
        with _a_turn():
            return super().verify(password, encoded)


@contextmanager
def _a_turn() -> Iterator[None]:
    if not _turns.acquire(timeout=LONGEST_WAIT):
        raise TooMany
    try:
        yield
    finally:
        _turns.release()
