"""Housekeeping that belongs to no room."""

from celery import shared_task

from outbox.hourly import Hourly
from signed_in.store import SessionStore


@shared_task(base=Hourly, ignore_result=True)
def forget_ended_sessions() -> None:
    """Delete the sessions that have ended, with what visitors left in them."""
    SessionStore.clear_expired()
