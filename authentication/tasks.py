"""Housekeeping of signing in."""

from celery import shared_task

from authentication.mfa.codes import forget_old_ones
from authentication.throttling.cache import forget_past_counts
from outbox.hourly import Hourly


@shared_task(base=Hourly, ignore_result=True)
def forget_used_codes() -> None:
    """Forget the codes that nobody could use again anyway, and counts that count no more."""
    forget_old_ones()
    forget_past_counts()
