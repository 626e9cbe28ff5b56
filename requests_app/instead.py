"""Letters about a check to an agency that is closed also go to whoever answers instead."""

from dataclasses import replace

from agencies.models import Closure
from agencies.register.selectors import closed_today
from outbox.notifications import Notification
from requests_app.models import AgencyCheck


def closure_of(agency_check: AgencyCheck) -> Closure | None:
    """The closure of its agency that runs today."""
    return closed_today([agency_check.holder]).get(agency_check.holder_id)


def instead_too(letter: Notification, closure: Closure | None) -> Notification:
    """The same, also to whoever answers while the agency is closed, if they have an address."""
    if closure is None or not closure.answers_email:
        return letter
    return replace(letter, to={f"closure-{closure.pk}": closure.answers_email} | letter.to)
