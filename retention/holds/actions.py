"""Placing and lifting holds: a hold beats all of a disposal (domain rule 10)."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from requests_app.models import InformationRequest
from retention.disposal.reckoning import is_gone
from retention.models import Hold
from retention.transitions import HOLD
from workflow.transitions import TransitionRefused, idempotent


@idempotent
def place_hold(
    case: InformationRequest,
    *,
    by: Actor,
    idempotency_key: UUID,
    reason: str,
    in_words: str,
    review_on: date,
) -> Hold:
    """Keep a record whatever its schedule says, for the agency acted for.

    Raises TransitionRefused once its destruction has begun: the key is gone, or about to be.
    """
    row = Hold(
        id=idempotency_key,
        case=case,
        agency=by.agency,
        owner=by.user,
        reason=reason,
        in_words=in_words,
        review_on=review_on,
    )
    with HOLD.making("place", row, by=by, reason=reason):
        # The case is held by now, so what is destroying it has either begun or will see this.
        if is_gone(case):
            raise TransitionRefused(_("This record has been disposed of. Nothing is left to hold."))
    return row


@idempotent
def lift_hold(hold: Hold, *, by: Actor) -> Hold:
    """Let the schedule count again."""
    with HOLD.making("lift", hold, by=by):
        hold.lifted_at = timezone.now()
    return hold
