"""Who looks up whom to call."""

from dataclasses import dataclass

from django.db.models import Q

from agencies.models import Agency, Membership
from agencies.permissions import Permission
from agencies.register.policies import GONE
from workflow.acting import Actor
from workflow.policy import Policy

Status = Agency.Status
BELONGS = (Membership.Status.ACCEPTED, Membership.Status.ACTIVE)


@dataclass(frozen=True)
class ForPartners:
    """Everything there, for whoever belongs to an agency that takes part or still answers.

    It needs no check in date and no permission: whom to call is no case (ISA-4.3-SPOC).
    """

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """Agencies on the register; those that left or were merged are gone from it."""
        if actor.agency.status not in (Status.TAKING_PART, Status.SUSPENDED):
            return None
        belongs = actor.user.memberships.filter(agency=actor.agency, status__in=BELONGS)
        return ~Q(status__in=GONE) if belongs.exists() else None


WHO_TO_CALL = Policy(Agency, reach={permission: (ForPartners(),) for permission in Permission})
