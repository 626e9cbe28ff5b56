"""Housekeeping that belongs to no app."""

from celery import shared_task

from outbox.hourly import Hourly
from sessions.store import SessionStore
from sessions.unsent import forget_old_texts


@shared_task(base=Hourly, ignore_result=True)
def forget_ended_sessions() -> None:
    """Delete the sessions that have ended, and what was typed and never sent."""
    SessionStore.clear_expired()
    forget_old_texts()
