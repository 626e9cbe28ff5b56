"""Who keeps the register, and who looks up there whom to call."""

from dataclasses import dataclass

from django.db.models import Exists, Q

from agencies.models import Agency, Closure, Contact, Membership, Partnership, Vetting
from agencies.paths import OnTheRegister
from agencies.permissions import Permission
from workflow.acting import Actor
from workflow.policy import Path, Policy

Status = Agency.Status
GONE = (Status.LEFT, Status.MERGED)
BELONGS = (Membership.Status.ACCEPTED, Membership.Status.ACTIVE)

KEEPING: dict[Permission, tuple[Path, ...]] = {Permission.ADMINISTER: (OnTheRegister(),)}

AGENCIES = Policy(Agency, reach=KEEPING)
CONTACTS = Policy(Contact, reach=KEEPING)
CLOSURES = Policy(Closure, reach=KEEPING)
PARTNERSHIP = Policy(Partnership, reach=KEEPING)
# Only for what a merger brings over; people themselves are kept by their own agencies.
BROUGHT_MEMBERSHIPS = Policy(Membership, reach=KEEPING)
BROUGHT_CHECKS = Policy(Vetting, reach=KEEPING)


@dataclass(frozen=True)
class ForPartners:
    """Everything there, for whoever belongs to an agency that takes part or still answers.

    It needs no check in date and no permission: whom to call is no case (ISA-4.3-SPOC).
    """

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """Agencies on the register; those that left or were merged are gone from it."""
        if actor.agency.status not in (Status.TAKING_PART, Status.SUSPENDED):
            return None
        theirs = Membership.objects.filter(user=actor.user.pk, agency=actor.agency.pk)
        return ~Q(status__in=GONE) & Q(Exists(theirs.filter(status__in=BELONGS)))


WHO_TO_CALL = Policy(Agency, reach={permission: (ForPartners(),) for permission in Permission})
