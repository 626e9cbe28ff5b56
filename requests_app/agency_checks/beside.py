"""What stands beside every question that is asked of whoever answers a check (harm 3)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from requests_app.agency_checks.actions import refuse_if_withdrawn
from requests_app.agency_checks.selectors import purposes_of, with_clock
from requests_app.models import AgencyCheck
from requests_app.request_fields import TOLD
from workflow.related import hung


@dataclass(frozen=True)
class Beside:
    """What a check says of itself; of the request behind it no more than its agency may read."""

    agency_check: Any
    purposes: list[str]
    told: list[tuple[Any, str]]


def beside(check: AgencyCheck) -> Beside:
    """The check with its clock: two statements, for the hours and the pauses.

    Raises TransitionRefused once the check was withdrawn, when a page that was filled in wrongly
    would show again what was told.
    """
    refuse_if_withdrawn(check)
    if hung(check, "pauses") is None:
        prefetch_related_objects([check], "pauses")
    agency_check: Any = with_clock(check)
    desk = agency_check.case.desk
    return Beside(
        agency_check=agency_check,
        purposes=purposes_of(agency_check),
        told=[
            (each.label, getattr(agency_check, each.name) or each.if_not % {"desk": desk})
            for each in TOLD
        ],
    )
