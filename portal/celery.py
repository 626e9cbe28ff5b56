"""The Celery application: it delivers what the outbox promised, and nothing depends on it alone."""

import os
from typing import Any

from celery import Celery
from celery.signals import (
    after_task_publish,
    beat_init,
    heartbeat_sent,
    setup_logging,
    worker_init,
    worker_ready,
)

from portal.heartbeat import say_alive

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.embedded")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A worker's heart beats while its loop goes round and its broker answers; a clock hands tasks over.
for moment in (worker_ready, heartbeat_sent, beat_init, after_task_publish):
    moment.connect(say_alive)


@setup_logging.connect
def keep_our_logging(**_kwargs: Any) -> None:
    """Log as Django's settings say; Celery's own format would print exception texts."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)


@worker_init.connect
def refuse_to_start_unsafe(**_kwargs: Any) -> None:
    """Stop a worker at once with wrong keys, on an unproved restore, or round the second wall.

    Celery logs what such a receiver raises and goes on; only SystemExit gets through.
    """
    from portal.rls.proof import check_wall_or_stop
    from portal.startup_checks import check_keys_or_stop, check_restored_or_stop

    try:
        check_keys_or_stop()
        check_restored_or_stop()
        check_wall_or_stop(may_work=True)
    except Exception as fault:
        raise SystemExit(f"The worker does not start: {type(fault).__name__}") from fault
