"""How often something may be tried, counted once for all processes (docs/adr/0055).

The counts lie in the shared cache under digests: whoever reads it learns no address and no name.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from threading import Lock

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

PATIENCE = 2  # seconds
PAUSE = 0.02
A_MINUTE = 60
ONE_PROCESS = Lock()


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
        for held, place in self._as_held(key):
            made = self._counting(held)
            if len(made) >= allowed:
                return max(1, ceil(made[-allowed] + self.seconds - time.time()))
            if _swap(place, held, [*made, time.time()], self.seconds):
                return 0
        return PATIENCE

    def give_back(self, *key: str) -> None:
        """Count the last try no more: it was a good one."""
        for held, place in self._as_held(key):
            made = self._counting(held)
            if not made or _swap(place, held, made[:-1], self.seconds):
                return

    def is_reached(self, *key: str) -> bool:
        """Whether there is no room for another try; nothing is counted."""
        return len(self._counting(cache.get(self._place(key)))) >= self.tries

    def _as_held(self, key: tuple[str, ...]) -> Iterator[tuple[list[float] | None, str]]:
        """What is held now and where, again and again while others change it meanwhile."""
        place, until = self._place(key), time.monotonic() + PATIENCE
        while True:
            yield cache.get(place), place
            if time.monotonic() > until:
                return
            time.sleep(PAUSE)

    def _counting(self, held: list[float] | None) -> list[float]:
        """When each try was made that still counts, the oldest first."""
        since = time.time() - self.seconds
        return [each for each in held or [] if each > since]

    def _place(self, key: tuple[str, ...]) -> str:
        text = "\0".join([self.name, *key])
        return f"limit:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _swap(place: str, held: list[float] | None, made: list[float], seconds: int) -> bool:
    """Put ``made`` there if what was held still is: nobody is counted over, however slow one is.

    A lock would not do: it runs out while its holder is slow, and then it is somebody else's.
    """
    if swap := getattr(cache, "swap", None):
        return bool(swap(place, held, made, seconds))
    with ONE_PROCESS:  # a cache in memory, as of tests without servers
        if cache.get(place) != held:
            return False
        cache.set(place, made, seconds)
        return True


def how_long(seconds: int) -> str:
    """A wait in words."""
    if seconds < A_MINUTE:
        return _("less than a minute")
    minutes = ceil(seconds / A_MINUTE)
    return ngettext("%s minute", "%s minutes", minutes) % minutes
