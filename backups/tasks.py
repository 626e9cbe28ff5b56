"""What the clock asks for at night; each is taken by a worker that was given the keys for it."""

import subprocess
import sys

from celery import shared_task
from celery.utils.log import get_task_logger
from django.conf import settings

from outbox.hourly import Nightly

LONGEST = 5 * 60 * 60  # seconds

logger = get_task_logger(__name__)


# Not acknowledged late: it takes longer than a broker waits, which would then begin it again.
@shared_task(base=Nightly, ignore_result=True, acks_late=False, time_limit=LONGEST)
def make_backup() -> bool:
    """Make a backup, by the command that a person would use."""
    return _run("backup")


@shared_task(base=Nightly, ignore_result=True, acks_late=False, time_limit=LONGEST)
def drill_restore() -> bool:
    """Drill a restore, likewise; a drill that failed is on the status page."""
    return _run("drill")


def _run(command: str) -> bool:
    done = subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, str(settings.BASE_DIR / "manage.py"), command],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        # The commands say what is wrong in words of their own, which quote no record.
        logger.error("%s failed: %s", command, done.stderr.strip()[-500:])
    return not done.returncode
