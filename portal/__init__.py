"""The wiring: settings, addresses, middleware, background work, health, the demonstration."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
