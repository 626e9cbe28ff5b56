"""Keeping the retention schedules of the agencies (ISA-8.2)."""

from datetime import date
from uuid import UUID

from agencies.acting import Actor
from agencies.models import Agency
from retention.models import Schedule
from retention.transitions import SCHEDULE
from workflow.transitions import idempotent


@idempotent
def set_schedule(
    agency: Agency,
    *,
    by: Actor,
    idempotency_key: UUID,
    record_class: str,
    starts: str,
    months: int | None,
    reason: str = "",
    review_on: date | None = None,
) -> Schedule:
    """Set how long one class of an agency's records is kept; it replaces the line of before."""
    Agency.objects.select_for_update().get(pk=agency.pk)  # two who set one wait for each other
    before = Schedule.objects.filter(
        agency=agency, record_class=record_class, status=Schedule.Status.CURRENT
    ).first()
    if before and before.pk != idempotency_key:
        SCHEDULE.make("end", before, by=by)
    row = Schedule(
        id=idempotency_key,
        agency=agency,
        record_class=record_class,
        starts=starts,
        months=months,
        reason=reason,
        review_on=review_on,
    )
    SCHEDULE.make("set", row, by=by)
    return row
