"""Reminders of statements of disposal that have not come (ISA-8.1)."""

from typing import Final

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from outbox.hourly import Hourly
from outbox.post import post
from retention.models import DisposalStatement, StatementReminder

# Days after it was asked, or after the day until which the agency said that it keeps its copy.
AFTER: Final = (14, 28, 56, 84)


@shared_task(base=Hourly, ignore_result=True)
def remind_of_statements() -> None:
    """Promise each reminder that is due once, however often this runs; none that was missed."""
    waited_for = DisposalStatement.objects.exclude(status=DisposalStatement.Status.DISPOSED)
    for statement in waited_for.iterator():
        kept, until = 0, statement.kept_until
        if until:
            kept = max((until - timezone.localdate(statement.asked_at)).days, 0)
        days = (timezone.now() - statement.asked_at).days - kept
        which = max((each for each in AFTER if each <= days), default=0)
        if which:
            _remind_once(statement, kept + which)


def _remind_once(statement: DisposalStatement, which: int) -> None:
    with transaction.atomic():
        _reminder, is_new = StatementReminder.objects.get_or_create(
            statement=statement, which=which
        )
        if is_new:
            post("statement.chased", about=statement)
