"""Work that comes round: each task asks the database whether it is due (docs/adr/0092).

The clock asks often, and keeps nothing that a restart could take away. So a task whose hour passed
while nothing ran is done as soon as something runs again, and a page can say when it last was.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from celery import Task
from django.utils import timezone

from outbox.models import LastRun

AN_HOUR: Final = timedelta(hours=1)
A_MOMENT: Final = timedelta(minutes=1)  # by which the clock may come early


class Hourly(Task):  # type: ignore[misc]
    """A task that the clock asks for every few minutes, and that runs once an hour.

    Whoever calls it as a function has it run.
    """

    abstract = True
    every = AN_HOUR

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it, if its time has come; only where it went well it has run."""
        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        if not is_due(self.name, self.every):
            return None
        answer = super().__call__(*args, **kwargs)
        if answer is not False:
            note_run(self.name)
        return answer


class Nightly(Hourly):
    """The same for what is done once a night; one that says False is tried again."""

    abstract = True
    every = timedelta(hours=20)


def is_due(task: str, every: timedelta) -> bool:
    """Whether so much time has passed since it ran; a clock that was set back holds nothing up."""
    now = timezone.now()
    return not LastRun.objects.filter(
        task=task, at__gt=now - every + A_MOMENT, at__lte=now + A_MOMENT
    ).exists()


def note_run(task: str) -> None:
    """It has run just now."""
    LastRun.objects.bulk_create(
        [LastRun(task=task, at=timezone.now())],
        update_conflicts=True,
        unique_fields=["task"],
        update_fields=["at"],
    )


def last_runs() -> dict[str, datetime]:
    """When each task that notes it has last run."""
    return dict(LastRun.objects.values_list("task", "at"))
