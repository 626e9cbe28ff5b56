"""The retention schedules of an agency, and what is asked of it."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from agencies.acting import Actor
from agencies.models import Agency
from agencies.permissions import Permission
from retention.choices import MONTHS, Start, classes_for
from retention.models import DisposalStatement, Schedule
from retention.policies import SCHEDULES, STATEMENTS
from workflow.paging import Page, moment, page_of

OLDEST: Mapping[str, Callable[[str], Any]] = {"asked_at": moment, "pk": UUID}
BY_NAME: Mapping[str, Callable[[str], Any]] = {"agency__name": str, "record_class": str, "pk": UUID}


def schedules_of(agency: Agency, actor: Actor) -> list[dict[str, Any]]:
    """Each class of record with its schedule, or with what counts where there is none."""
    rows = SCHEDULES.scope(actor, Permission.ADMINISTER, Permission.OVERSEE).filter(
        agency=agency, status=Schedule.Status.CURRENT
    )
    by_class = {row.record_class: row for row in rows}
    return [
        {
            "record_class": each.label,
            "schedule": by_class.get(each.value),
            "starts": Start(by_class[each].starts).label
            if each in by_class
            else Start.SERVED.label,
            "months": by_class[each].months if each in by_class else MONTHS,
        }
        for each in classes_for(is_front_door=agency.is_front_door)
    ]


def all_schedules(actor: Actor, after: str = "") -> Page:
    """Every schedule that was set, by agency, for the office."""
    rows = SCHEDULES.scope(actor, Permission.ADMINISTER).filter(status=Schedule.Status.CURRENT)
    return page_of(rows.select_related("agency"), BY_NAME, after)


def statements(actor: Actor, after: str = "", *, only_asked: bool = False) -> Page:
    """What the agency is asked about its copies, the longest waiting first."""
    rows = STATEMENTS.scope(actor, Permission.OVERSEE).exclude(
        status=DisposalStatement.Status.DISPOSED
    )
    if only_asked:
        rows = rows.filter(status=DisposalStatement.Status.ASKED)
    return page_of(rows, OLDEST, after)
