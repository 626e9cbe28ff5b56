"""The outbox as its own queue, where there is no broker: look for what is due, and deliver it."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import Error
from django.db.models import Q
from django.utils import timezone

from outbox.models import Message
from outbox.tasks import LONGEST_WAIT, deliver

A_TURN: Final = 50  # promises; then the loop looks at the clock, and says that it turns
LONGEST_PAUSE: Final = 30.0
SET_BACK: Final = 30  # seconds by which the time of day may fall behind before it counts

logger = logging.getLogger(__name__)


class Deliveries:
    """Delivers what is due; one e-mail whose delivery ends in a fault holds up no other."""

    def __init__(self) -> None:
        self.put_off: dict[int, float] = {}
        self.faults: dict[int, int] = {}
        self.wall, self.steady = timezone.now(), time.monotonic()
        self.began = False

    def deliver_due(self, may_go_on: Callable[[], bool] = lambda: True) -> bool:
        """Deliver some of what is due; whether there was any. Raises what the database does."""
        self._mind_the_clock()
        now = time.monotonic()
        waiting = [pk for pk, until in self.put_off.items() if until > now]
        due = Message.objects.due().exclude(pk__in=waiting)
        some = list(due.values_list("pk", flat=True)[:A_TURN])
        for pk in some:
            if not may_go_on():
                break
            self._deliver(pk)
        return bool(some)

    def _deliver(self, pk: int) -> None:
        try:
            deliver(pk)
        except Exception as fault:
            count = self.faults[pk] = self.faults.get(pk, 0) + 1
            self.put_off[pk] = time.monotonic() + growing(count)
            # Only the kind of fault: its text could carry an address.
            logger.warning("message %s was not delivered: %s", pk, type(fault).__name__)
            if isinstance(fault, Error | OSError):
                raise
        else:
            self.put_off.pop(pk, None)
            self.faults.pop(pk, None)

    def _mind_the_clock(self) -> None:
        """What waits for a time of day that was set back would wait for as long again."""
        wall, steady = timezone.now(), time.monotonic()
        passed = (wall - self.wall).total_seconds() - (steady - self.steady)
        if not self.began:
            last = wall + timedelta(minutes=LONGEST_WAIT)
            unsent = Message.objects.filter(done_at=None)
            unsent.filter(Q(posted_at__gt=wall) | Q(next_try_at__gt=last)).update(next_try_at=wall)
        elif passed < -SET_BACK:
            Message.objects.filter(done_at=None, next_try_at__gt=wall).update(next_try_at=wall)
        self.wall, self.steady, self.began = wall, steady, True


def growing(count: int) -> float:
    """Seconds to wait after so many faults in a row: 1, 2, 4 and so on, half a minute at most."""
    return min(2.0 ** min(count - 1, 10), LONGEST_PAUSE)
