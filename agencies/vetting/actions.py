"""Recording that a check was made on a person, and taking that back (ISA-7.1)."""

from datetime import date
from uuid import UUID

from agencies.access_review.selectors import confirmed_from_today
from agencies.acting import Actor
from agencies.invitations.selectors import has_check_in_date
from agencies.models import Membership, Vetting
from agencies.people.transitions import MEMBERSHIP
from agencies.vetting.transitions import CHECK
from workflow.locking import hold
from workflow.transitions import idempotent


@idempotent
def record_check(
    membership: Membership,
    *,
    by: Actor,
    idempotency_key: UUID,
    kind: str,
    made_on: date,
    made_by: str,
    expires: date,
) -> Vetting:
    """Record a check; the first in date lets somebody who has accepted begin, in the same act."""
    hold(membership)
    check = Vetting(
        id=idempotency_key,
        membership=membership,
        kind=kind,
        made_on=made_on,
        made_by=made_by,
        expires=expires,
    )
    CHECK.make("record", check, by=by)
    if membership.status == Membership.Status.ACCEPTED and has_check_in_date(membership):
        with MEMBERSHIP.making("activate", membership, by=by):
            membership.confirmed_until = confirmed_from_today()
    return check


@idempotent
def withdraw_check(check: Vetting, *, by: Actor) -> Vetting:
    """Say that a check no longer counts; without another in date no case opens."""
    CHECK.make("withdraw", check, by=by)
    return check
