"""A person acting for one agency: whoever does or reads anything in the portal."""

from agencies.holding import permissions_at
from agencies.models import Agency, User
from workflow.acting import Actor

__all__ = ["Actor", "actor_for", "agencies_of"]


def actor_for(user: User, agency: Agency) -> Actor:
    """``user`` acting for ``agency``, with the grants as they stand now."""
    return Actor(user=user, agency=agency, may=permissions_at(user, agency))


def agencies_of(user: User) -> list[Agency]:
    """The agencies that ``user`` can act for, by name."""
    return list(Agency.objects.filter(memberships__user=user).distinct().order_by("name"))
