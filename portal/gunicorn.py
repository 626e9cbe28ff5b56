"""Gunicorn's configuration wherever it runs: no access log (the portal writes one), JSON errors.

A fault while an answer streams is gunicorn's to log, and its own format would hold the whole
address and the exception's text; so its errors go through the same handler as ours.
"""

from pathlib import Path

from portal.logs import logging_config

accesslog = None
loglevel = "warning"
# The heartbeat file in memory: a slow disk must not look like a dead process.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
logconfig_dict = {
    **logging_config(),
    "loggers": {
        "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}
