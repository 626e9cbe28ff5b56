"""Recording a decision: the moment after which it never changes."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from decisions.flow.protocol import Outcome
from decisions.flow.readiness import can_be_finished, parts_due, state_of
from decisions.flow.whole import WITH_ITS_PARTS, items_of
from decisions.models import Decision, Scrutiny
from decisions.scrutiny.transitions import SCRUTINY
from decisions.transitions import DECISION
from requests_app.agency_checks.actions import answer_from_items
from requests_app.items.actions import offer_item, withhold_item
from requests_app.models import AgencyCheck
from workflow.transitions import TransitionRefused, idempotent


@idempotent
def record_decision(
    decision: Decision, *, by: Actor, decided_at: datetime | None = None, expected_version: str = ""
) -> Decision:
    """Record what the answers lead to, and do it: offer the items or withhold them.

    ``decided_at`` is when the decision was made, if that was before now; when it was
    entered is always now. ``expected_version`` is what the page showed
    (``readiness.state_of``): only that is recorded. A decision not to share opens its scrutiny,
    which holds up nothing. Raises TransitionRefused while something is due.
    """
    now = timezone.now()
    with DECISION.making("record", decision, by=by), WITH_ITS_PARTS(decision):
        if expected_version and expected_version != state_of(decision):
            raise TransitionRefused(
                _("Something in this decision has changed since you checked it.")
            )
        place, items = decision.where(), items_of(decision)
        if not items:
            raise TransitionRefused(
                _("Everything in this decision has been removed from the list.")
            )
        if not isinstance(place, Outcome) or any(not part.done for part in parts_due(decision)):
            raise TransitionRefused(
                _("Something is still to be answered before this can be recorded.")
            )
        for item in items:
            if place.shares:
                offer_item(item, by=by)
            else:
                withhold_item(item, by=by, because=decision.because, safety=decision.safety)
        decision.outcome = Decision.End.SHARE if place.shares else Decision.End.NO_SHARE
        decision.decided_by, decision.entered_at = by.user, now
        decision.decided_at = min(decided_at or now, now)
    if decision.outcome == Decision.End.NO_SHARE:
        SCRUTINY.make(
            "open", Scrutiny(id=decision.id, case=decision.case, decision=decision), by=by
        )
    if can_be_finished(decision.agency_check):
        answer_from_items(decision.agency_check, by=by)
    return decision


@idempotent
def finish_check(agency_check: AgencyCheck, *, by: Actor) -> AgencyCheck:
    """Answer a check of which nothing is left to decide, by what has been decided."""
    if agency_check.status in AgencyCheck.OPEN and not can_be_finished(agency_check):
        raise TransitionRefused(_("Something in this check is still to be decided."))
    answer_from_items(agency_check, by=by)
    return agency_check
