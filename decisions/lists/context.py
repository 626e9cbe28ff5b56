"""What stands beside each question of a decision: why it is asked, consent, readers, time."""

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from decisions.models import Decision
from requests_app.lists.checks import purposes_of, with_clock


@dataclass(frozen=True)
class Beside:
    """What a check says of itself; of the request behind it no more than its agency may read."""

    enquiry: Any
    purposes: list[str]
    concern: str
    consent: str
    parents: str


def beside(decision: Decision) -> Beside:
    """The check of a decision, with its clock: two statements, for the hours and the pauses."""
    prefetch_related_objects([decision.enquiry], "pauses")
    enquiry: Any = with_clock(decision.enquiry)
    return Beside(
        enquiry=enquiry,
        purposes=purposes_of(enquiry),
        concern=enquiry.concern or "",
        consent=enquiry.consent_position or "",
        parents=enquiry.parents_position or "",
    )
