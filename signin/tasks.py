"""Housekeeping of signing in."""

from celery import shared_task

from signin.factors_codes import forget_old_ones


@shared_task(ignore_result=True)
def forget_used_codes() -> None:
    """Forget the codes that nobody could use again anyway."""
    forget_old_ones()
