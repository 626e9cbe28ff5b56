"""Reminders of statements of disposal that have not come (ISA-8.1)."""

from typing import Final

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from outbox.post import post
from retention.models import DisposalStatement, StatementReminder

AFTER: Final = (14, 28, 56, 84)  # days after it was asked


@shared_task(ignore_result=True)
def remind_of_statements() -> None:
    """Promise each reminder that is due once, however often this runs; none that was missed."""
    asked = DisposalStatement.objects.filter(status=DisposalStatement.Status.ASKED)
    for statement in asked.iterator():
        days = (timezone.now() - statement.asked_at).days
        which = max((each for each in AFTER if each <= days), default=0)
        if which:
            _remind_once(statement, which)


def _remind_once(statement: DisposalStatement, which: int) -> None:
    with transaction.atomic():
        _reminder, is_new = StatementReminder.objects.get_or_create(
            statement=statement, which=which
        )
        if is_new:
            post("statement.chased", about=statement)
