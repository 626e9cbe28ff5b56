"""``manage.py work``: what Celery's worker and clock do, where there is no broker for them."""

import logging
import signal
import time
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connections

from outbox.loop import Deliveries, growing
from portal.clock import Clock
from portal.rls.proof import check_wall_or_stop
from portal.running.lifeline import say_turned, say_up, watch_parent
from portal.startup_checks import check_keys_or_stop, check_restored_or_stop

PAUSE: Final = 0.5  # seconds between two looks: an e-mail leaves within two of its commit

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """A loop: e-mails first, then one task of the clock. No fault in one of them ends it."""

    help = "Deliver what the outbox holds and run the clock's tasks, until stopped"
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Begin as a worker of production does, then turn."""
        if settings.CELERY_BROKER_URL:
            raise CommandError("Here is a broker: Celery's worker and clock do this.")
        watch_parent()
        check_keys_or_stop()
        check_restored_or_stop()
        check_wall_or_stop(may_work=True)
        Work(Deliveries(), Clock(settings.CELERY_BEAT_SCHEDULE)).go_on()


class Work:
    """The loop itself."""

    def __init__(self, deliveries: Deliveries, clock: Clock) -> None:
        self.deliveries, self.clock = deliveries, clock
        self.troubles = 0
        self.asked_to_stop = False

    def go_on(self) -> None:
        """Turn until a signal; what has begun then is finished first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        say_up()
        while not self.asked_to_stop:
            self.sleep(self.turn())

    def turn(self) -> float:
        """Do some of what is due; how long to pause before the next."""
        say_turned()
        try:
            worked = self.deliveries.deliver_due(lambda: not self.asked_to_stop)
        except (Error, OSError) as fault:
            # Locked, full, gone: nothing to do but wait, a little longer each time.
            self.troubles += 1
            logger.warning("the database or its disk is in trouble: %s", type(fault).__name__)
            connections.close_all()
            return growing(self.troubles)
        except Exception as fault:  # noqa: BLE001 - whatever it was, the next e-mail may be fine
            self.troubles += 1
            logger.warning("a turn failed: %s", type(fault).__name__)
            return growing(self.troubles)
        self.troubles = 0
        if not self.asked_to_stop and self.clock.run_one():
            say_turned()
            worked = True
        return 0 if worked else PAUSE

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until asked to stop."""
        end = time.monotonic() + seconds
        while not self.asked_to_stop and (left := end - time.monotonic()) > 0:
            time.sleep(min(0.1, left))

    def _stop(self, _number: int, _frame: object) -> None:
        self.asked_to_stop = True
