"""Housekeeping that belongs to no app."""

from celery import shared_task

from outbox.hourly import Hourly
from sessions.store import SessionStore


@shared_task(base=Hourly, ignore_result=True)
def forget_ended_sessions() -> None:
    """Delete the sessions that have ended, with what visitors left in them."""
    SessionStore.clear_expired()
