"""Recording that a check was made on a person, and taking that back (ISA-7.1)."""

from datetime import date
from uuid import UUID

from agencies.acting import Actor
from agencies.lists.invitations import has_check_in_date
from agencies.lists.reviews import confirmed_from_today
from agencies.models import Membership, OrganisationalCheck
from agencies.moves.people import CHECK, MEMBERSHIP
from workflow.locking import hold
from workflow.moves import doubled_is_done


@doubled_is_done
def record_check(
    membership: Membership,
    *,
    by: Actor,
    once: UUID,
    kind: str,
    made_on: date,
    made_by: str,
    expires: date,
) -> OrganisationalCheck:
    """Record a check; the first in date lets somebody who has accepted begin, in the same act."""
    hold(membership)
    check = OrganisationalCheck(
        id=once,
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


@doubled_is_done
def withdraw_check(check: OrganisationalCheck, *, by: Actor) -> OrganisationalCheck:
    """Say that a check no longer counts; without another in date no case opens."""
    CHECK.make("withdraw", check, by=by)
    return check
