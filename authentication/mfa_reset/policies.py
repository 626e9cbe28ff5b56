"""Who reaches resets of second factors, and the people for whom they can be asked."""

from django.db.models import Q

from agencies.models import Membership
from agencies.permissions import Permission
from agencies.policies import KeepsThem
from authentication.models import FactorReset
from workflow.policy import Policy

RESETS = Policy(FactorReset, reach={Permission.MANAGE_PEOPLE: (KeepsThem("agency", "person"),)})

PEOPLE = Policy(
    Membership,
    reach={Permission.MANAGE_PEOPLE: (KeepsThem("agency", "user"),)},
    only={Permission.MANAGE_PEOPLE: Q(status__in=["accepted", "active", "suspended"])},
)
