"""What runs at its time, where no Celery beat does it: the tasks of the schedule, called."""

import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from celery import current_app
from celery.schedules import BaseSchedule, schedule

NOT_OURS: Final = frozenset({"outbox.tasks.sweep"})  # the loop itself looks for what is due
FIRST_PAUSE: Final = 60.0  # seconds after a fault; longer after each further one

logger = logging.getLogger(__name__)


class Entry:
    """One task, and when it is due."""

    def __init__(self, task: str, when: Any) -> None:
        self.task = task
        # A number of seconds is reckoned by the steady clock, which nobody sets.
        self.every = seconds_of(when)
        self.at: BaseSchedule | None = when if self.every is None else None
        self.next_at = time.monotonic()  # at each start, or restarts would starve it
        self.last_run = datetime.now(UTC)
        self.faults = 0

    def is_due(self) -> bool:
        """Whether its time has come."""
        if time.monotonic() < self.next_at:
            return False
        if self.at is None:
            return True
        # After a clock that was set back, the last run may lie in what is now the future.
        self.last_run = min(self.last_run, datetime.now(UTC))
        return bool(self.at.is_due(self.last_run).is_due)

    def run(self) -> None:
        """Do it now; a fault is logged by its kind, and it is tried again before its time."""
        try:
            current_app.tasks[self.task]()
        except Exception as fault:  # noqa: BLE001 - no task may end the loop
            self.faults += 1
            # Only the kind: the text could hold what describes a person.
            logger.warning("%s failed: %s", self.task, type(fault).__name__)
            wait = FIRST_PAUSE * 2.0 ** min(self.faults - 1, 10)
            self.next_at = time.monotonic() + min(wait, self.every or wait)
            return
        self.faults, self.last_run = 0, datetime.now(UTC)
        self.next_at = time.monotonic() + (self.every or 0)


class Clock:
    """All entries of the schedule that this process is to see to."""

    def __init__(self, entries: Mapping[str, Mapping[str, Any]]) -> None:
        current_app.loader.import_default_modules()
        # One with a queue of its own is for a worker that was given more keys than this one.
        self.entries = [
            Entry(each["task"], each["schedule"])
            for each in entries.values()
            if each["task"] not in NOT_OURS and "queue" not in each.get("options", {})
        ]

    def run_one(self) -> bool:
        """Run the one that has waited longest, if any is due; whether there was one."""
        due = [entry for entry in self.entries if entry.is_due()]
        if due:
            min(due, key=lambda entry: entry.next_at).run()
        return bool(due)


def seconds_of(when: Any) -> float | None:
    """An interval in seconds; None for a time of day."""
    if isinstance(when, int | float):
        return float(when)
    if isinstance(when, timedelta):
        return when.total_seconds()
    # Of Celery's schedules only the plain one is an interval; crontab and its kin are below it.
    return float(when.run_every.total_seconds()) if type(when) is schedule else None
