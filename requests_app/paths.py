"""A way to a case without a part in it: an opening that is running (ISA-7.2).

It stands beside the other ways in ``policies.py``, so that whatever lists, shows or refuses
a row asks the same question.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from agencies.permissions import Permission
from agencies.register.selectors import takes_part
from requests_app.models import Opening
from workflow.acting import Actor


@dataclass(frozen=True)
class OwnOpening:
    """Openings that this very person made for this very agency, a statutory partner's."""

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """Theirs, running or over."""
        if permission not in actor.permissions or not actor.agency.is_statutory_partner:
            return None
        return Q(person=actor.user.pk, agency=actor.agency.pk)


@dataclass(frozen=True)
class ThroughOpening:
    """Rows of a case that the person has opened and whose hour is not over.

    ``path`` leads to the case. The permission is asked for each time too: whoever loses the role,
    whose checks run out, or whose agency takes no part any more (ISA-2.1), has nothing open from
    the next request on.
    """

    path: str

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """Rows of the cases that are open to them now."""
        theirs = OwnOpening().rows(actor, permission)
        if theirs is None:
            return None
        running = Opening.objects.filter(
            theirs, takes_part("agency__"), status=Opening.Status.OPEN, until__gt=timezone.now()
        )
        return Q(**{f"{self.path}__in": running.values("case")})


@dataclass(frozen=True)
class AnyCase:
    """Every case, for finding the one whose reference was typed, and never for showing it."""

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """All of them, for those who may open one."""
        return None if OwnOpening().rows(actor, permission) is None else Q()
