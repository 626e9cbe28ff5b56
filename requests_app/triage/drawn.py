"""What is drawn on the page of a request, out of what it reads anyhow (docs/adr/0130)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agencies.acting import Actor
from requests_app.models import InformationRequest
from requests_app.transitions import AGENCY_CHECK
from requests_app.triage.grid import Grid, grid_of
from requests_app.triage.household import Household, household_of
from requests_app.triage.passing import Time, time_of
from workflow.gateway import reached_by
from workflow.together import Rows


@dataclass(frozen=True)
class Drawn:
    """The grid of agencies by questions, how time passed, and who lives where."""

    grid: Grid
    time: Time | None
    household: Household


def drawn(
    case: InformationRequest, people: Iterable[Any], put: Sequence[Any], found: Rows, by: Actor
) -> Drawn:
    """All that is drawn of a request that the page has fetched, with its ``people`` and checks."""
    by_way = reached_by(case)  # a check is reached with its request

    def may(name: str, check: Any) -> bool:
        check.case = case  # as it was read
        return AGENCY_CHECK.can(name, check, by=by, reached_by=by_way)

    return Drawn(
        grid=grid_of(put, found, may),
        time=time_of(case, put, found),
        household=household_of(people),
    )
