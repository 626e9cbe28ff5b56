"""A person acting for one agency: who it is, and what they may do there now."""

from agencies.holding import held
from agencies.models import Agency, Membership, User
from agencies.standing import Standing, standing
from workflow.acting import Actor

__all__ = ["Actor", "actor_for", "agencies_of", "permissions_at", "standing_actor"]

Status = Membership.Status
# Whoever is suspended comes in too, to a page that says so and who can mend it.
COMES_IN = (Status.ACCEPTED, Status.ACTIVE, Status.SUSPENDED)


def permissions_at(user: User, agency: Agency) -> frozenset[str]:
    """What ``user`` may do for ``agency`` as things stand at this moment.

    What the roles carry, less what the state of the membership, checks, guidance and access
    review do not let them use (ISA-7.1).
    """
    return standing_actor(user, agency, standing(user, agency)).may


def standing_actor(user: User, agency: Agency, stands: Standing) -> Actor:
    """``user`` acting for ``agency`` with as much of what the roles carry as the standing lets."""
    may = frozenset(may for may in held(user, agency) if stands.allows(may))
    return Actor(user=user, agency=agency, may=may)


def actor_for(user: User, agency: Agency) -> Actor:
    """``user`` acting for ``agency``, with the grants as they stand now."""
    return standing_actor(user, agency, standing(user, agency))


def agencies_of(user: User) -> list[Agency]:
    """The agencies that ``user`` belongs to and can come in for, those at work first, by name."""
    memberships = user.memberships.filter(status__in=COMES_IN, roles__isnull=False)
    theirs = memberships.select_related("agency").distinct()
    found = sorted(theirs, key=lambda each: (each.status != Status.ACTIVE, each.agency.name))
    return [each.agency for each in found]
