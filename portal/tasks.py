"""Housekeeping that belongs to no room."""

from celery import shared_task

from signed_in.store import SessionStore


@shared_task(ignore_result=True)
def forget_ended_sessions() -> None:
    """Delete the sessions that have ended, with what visitors left in them."""
    SessionStore.clear_expired()
