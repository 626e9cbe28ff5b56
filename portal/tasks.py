"""Housekeeping that belongs to no room."""

from celery import shared_task
from django.core.management import call_command


@shared_task(ignore_result=True)
def forget_ended_sessions() -> None:
    """Delete the sessions that have ended, with what visitors left in them."""
    call_command("clearsessions")
