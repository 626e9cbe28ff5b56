"""Seeking advice when unsure; the clock stands still until it comes (F-ADVICE)."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from decisions.advice.transitions import ADVICE
from decisions.models import AdviceRequest, Decision
from decisions.transitions import DECISION
from requests_app.choices import PauseReason
from requests_app.clocks.actions import let_the_clock_run, stop_the_clock
from workflow.transitions import TransitionRefused, idempotent


@idempotent
def seek_advice(
    decision: Decision, *, by: Actor, idempotency_key: UUID, step: str, question: str
) -> AdviceRequest:
    """Put a question to the agency's adviser, without anybody's identity."""
    advice = AdviceRequest(
        id=idempotency_key, case=decision.case, decision=decision, step=step, question=question
    )
    with DECISION.making("seek_advice", decision, by=by):
        if step not in {place.name for place in decision.path()}:
            raise TransitionRefused(
                _("This question is not asked any more. See where you are now.")
            )
    ADVICE.make("ask", advice, by=by)
    agency_check = decision.agency_check
    stop_the_clock(
        agency_check.case,
        "ask_advice",
        PauseReason.ADVICE,
        by=by,
        agency_check=agency_check,
        pk=advice.pk,
    )
    return advice


@idempotent
def give_advice(advice: AdviceRequest, *, by: Actor, outcome: str) -> AdviceRequest:
    """The adviser answers; the decision goes on."""
    return _answered(advice, ("give", "take_advice"), by=by, outcome=outcome)


@idempotent
def note_advice(advice: AdviceRequest, *, by: Actor, outcome: str) -> AdviceRequest:
    """Whoever asked records the outcome of a discussion that took place elsewhere."""
    return _answered(advice, ("note", "note_advice"), by=by, outcome=outcome)


def _answered(
    advice: AdviceRequest, names: tuple[str, str], *, by: Actor, outcome: str
) -> AdviceRequest:
    of_advice, of_decision = names
    with ADVICE.making(of_advice, advice, by=by, writes={"outcome": outcome}):
        advice.given_at = timezone.now()
    agency_check = advice.decision.agency_check
    # Its own pause only: another decision of the check may still wait for advice of its own.
    let_the_clock_run(
        agency_check.case, "advice_came", by=by, agency_check=agency_check, pk=advice.pk
    )
    DECISION.make(of_decision, advice.decision, by=by)
    return advice
