"""Who reaches resets of second factors, and the people for whom they can be asked."""

from django.db.models import Q

from agencies.models import Membership
from agencies.permissions import May
from agencies.policies.people import KeepsThem
from signin.models import FactorReset
from workflow.policy import Policy

RESETS = Policy(FactorReset, reach={May.MANAGE_PEOPLE: (KeepsThem("agency", "person"),)})

PEOPLE = Policy(
    Membership,
    reach={May.MANAGE_PEOPLE: (KeepsThem("agency", "user"),)},
    only={May.MANAGE_PEOPLE: Q(status__in=["accepted", "active", "suspended"])},
)
