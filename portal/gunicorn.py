"""Gunicorn's configuration wherever it runs: no access log (the portal writes one), JSON errors.

A fault while an answer streams is gunicorn's to log, and its own format would hold the whole
address and the exception's text; so its errors go through the same handler as ours.
"""

import gc
import shutil
from pathlib import Path
from typing import Any

from portal.logs import logging_config
from portal.running.lifeline import say_up, watch_parent
from portal.slots import SlotMiddleware, Slots, a_folder

accesslog = None
# No header says where the portal lies: it lies at the root of its host.
forwarder_headers = ""
loglevel = "warning"
# Loaded once, before the processes that serve are copied from the one that listens: what is never
# written to again lies in memory once (docs/adr/0115).
preload_app = True
# Its socket for orders would lie in the home directory, one for all portals of a machine.
control_socket_disable = True
# The heartbeat file in memory: a slow disk must not look like a dead process.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
logconfig_dict = {
    **logging_config(),
    "loggers": {
        "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}


_slots: Path | None = None  # made in the process that listens, and known to those that serve


def on_starting(server: Any) -> None:
    """In the process that listens, before it does."""
    global _slots  # noqa: PLW0603 - gunicorn hands nothing from one hook to the next
    watch_parent()
    _slots = a_folder()


def when_ready(server: Any) -> None:
    """Before the first copy: load every page, and have the collector leave all that alone."""
    from django.urls import get_resolver

    assert get_resolver().url_patterns
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """In each process that serves: a thread does not come along when a process is copied."""
    watch_parent()


def post_worker_init(worker: Any) -> None:
    """Once such a process has loaded the portal: from now on pages are answered."""
    from django.conf import settings

    if _slots and settings.DATABASE_CONNECTIONS:
        threads = worker.cfg.workers * worker.cfg.threads
        SlotMiddleware.slots = Slots(_slots, settings.DATABASE_CONNECTIONS, threads=threads)
    say_up()


def on_exit(server: Any) -> None:
    """In the process that listens, when all is over."""
    if _slots:
        shutil.rmtree(_slots, ignore_errors=True)
