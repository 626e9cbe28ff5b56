"""How often something may be tried, counted once for all processes (docs/adr/0055).

The counts lie in the shared cache under digests: whoever reads it learns no address and no name.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from math import ceil

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LOCKED_FOR = 10  # seconds after which a lock of a process that died is anybody's
PATIENCE = 2  # seconds
PAUSE = 0.02
A_MINUTE = 60


class TooMany(Exception):
    """More is asked for at once than can be done; a page says so, and when to try again."""


@dataclass(frozen=True)
class Limit:
    """So many tries in so many seconds, for each key."""

    name: str
    tries: int
    seconds: int

    def take(self, *key: str, tries: int | None = None) -> int:
        """Count one try and give 0, or give the seconds after which there is room for one.

        ``tries`` stands in for the limit's own number. A try is counted before it is made, so
        that many at once are no more than the limit says.
        """
        allowed = self.tries if tries is None else min(tries, self.tries)
        with _alone(self._place(key)) as alone:
            if not alone:
                return PATIENCE
            made = self._made(key)
            if len(made) >= allowed:
                return max(1, ceil(made[-allowed] + self.seconds - time.time()))
            cache.set(self._place(key), [*made, time.time()], self.seconds)
            return 0

    def give_back(self, *key: str) -> None:
        """Count the last try no more: it was a good one."""
        with _alone(self._place(key)) as alone:
            if alone and (made := self._made(key)):
                cache.set(self._place(key), made[:-1], self.seconds)

    def is_reached(self, *key: str) -> bool:
        """Whether there is no room for another try; nothing is counted."""
        return len(self._made(key)) >= self.tries

    def _made(self, key: tuple[str, ...]) -> list[float]:
        """When each try was made that still counts, the oldest first."""
        since = time.time() - self.seconds
        return [each for each in cache.get(self._place(key), []) if each > since]

    def _place(self, key: tuple[str, ...]) -> str:
        text = "\0".join([self.name, *key])
        return f"limit:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


@contextmanager
def _alone(place: str) -> Iterator[bool]:
    """Whether nobody else counts here meanwhile, in whatever process."""
    until = time.monotonic() + PATIENCE
    while not cache.add(f"{place}:held", 1, LOCKED_FOR):
        if time.monotonic() > until:
            yield False
            return
        time.sleep(PAUSE)
    try:
        yield True
    finally:
        cache.delete(f"{place}:held")


def how_long(seconds: int) -> str:
    """A wait in words."""
    if seconds < A_MINUTE:
        return _("less than a minute")
    minutes = ceil(seconds / A_MINUTE)
    return ngettext("%s minute", "%s minutes", minutes) % minutes
