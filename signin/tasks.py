"""Housekeeping of signing in."""

from celery import shared_task

from outbox.hourly import Hourly
from signin.factors_codes import forget_old_ones
from signin.redis_or_table import forget_past_counts


@shared_task(base=Hourly, ignore_result=True)
def forget_used_codes() -> None:
    """Forget the codes that nobody could use again anyway, and counts that count no more."""
    forget_old_ones()
    forget_past_counts()
