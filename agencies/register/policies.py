"""Who keeps the register."""

from agencies.models import Agency, Closure, Contact, Membership, OrganisationalCheck, Partnership
from agencies.paths import OnTheRegister
from agencies.permissions import Permission
from workflow.policy import Path, Policy

GONE = (Agency.Status.LEFT, Agency.Status.MERGED)

KEEPING: dict[Permission, tuple[Path, ...]] = {Permission.ADMINISTER: (OnTheRegister(),)}

AGENCIES = Policy(Agency, reach=KEEPING)
CONTACTS = Policy(Contact, reach=KEEPING)
CLOSURES = Policy(Closure, reach=KEEPING)
PARTNERSHIP = Policy(Partnership, reach=KEEPING)
# Only for what a merger brings over; people themselves are kept by their own agencies.
BROUGHT_MEMBERSHIPS = Policy(Membership, reach=KEEPING)
BROUGHT_CHECKS = Policy(OrganisationalCheck, reach=KEEPING)
