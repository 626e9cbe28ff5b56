"""The wiring: settings, addresses, middleware, background work, health, the demonstration."""

import gc

# A start makes what stays, and looking through it for what may go would be a quarter of its time;
# PortalConfig switches this on again.
gc.disable()

from portal.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
