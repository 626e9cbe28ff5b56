"""What the front door can still do with a check that it sent: remind it, ask more (ADR 126)."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from agencies.acting import Actor
from requests_app.models import AgencyCheck, Question
from requests_app.transitions import AGENCY_CHECK, QUESTION
from workflow.act import act
from workflow.transitions import AlreadyMade, idempotent

ONCE_IN = AgencyCheck.REMINDED_ONCE_IN


def last_reminded(agency_check: AgencyCheck) -> datetime | None:
    """When the front door last reminded those who answer it."""
    reminders = agency_check.history.filter(history_change_reason="remind")
    found: datetime | None = (
        reminders.order_by("-version").values_list("history_date", flat=True).first()
    )
    return found


def next_reminder(last: datetime | None) -> datetime | None:
    """The time before which nobody can remind it again; None if somebody can now."""
    return last + ONCE_IN if last and timezone.now() < last + ONCE_IN else None


def remind_agency_check(agency_check: AgencyCheck, *, by: Actor) -> datetime | None:
    """Send those who answer one letter: None, or when it was sent if that is not an hour ago.

    Raises TransitionRefused once it is answered.
    """
    try:
        with act(apart=True), AGENCY_CHECK.making("remind", agency_check, by=by):
            _only_once_in_an_hour(agency_check)
    except AlreadyMade:
        return last_reminded(agency_check)
    return None


def _only_once_in_an_hour(agency_check: AgencyCheck) -> None:
    if next_reminder(last_reminded(agency_check)):
        raise AlreadyMade(agency_check)


@idempotent
def add_question(
    agency_check: AgencyCheck, *, by: Actor, idempotency_key: UUID, fact: str, why: str
) -> Question:
    """Ask one more of a check that is not answered yet; its clock stays as it is."""
    question = Question(
        id=idempotency_key,
        case=agency_check.case,
        agency_check=agency_check,
        fact=fact,
        why=why,
    )
    QUESTION.make("ask", question, by=by)
    AGENCY_CHECK.make("ask_more", agency_check, by=by)
    return question
