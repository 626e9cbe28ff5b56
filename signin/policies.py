"""Who reaches resets of second factors, and the people for whom they can be asked."""

from dataclasses import dataclass

from django.db.models import Q

from agencies.models import Membership
from agencies.permissions import May
from signin.models import FactorReset
from workflow.acting import Actor
from workflow.policy import Policy


@dataclass(frozen=True)
class KeepsThem:
    """Whoever keeps the people of the agency, or the register of all; never about oneself."""

    agency: str
    person: str

    def rows(self, actor: Actor, may: May) -> Q | None:
        """Rows about other people of the agency acted for, or of any agency."""
        others = ~Q(**{self.person: actor.user.pk})
        if May.ADMINISTER in actor.may and actor.agency.keeps_register:
            return others
        return others & Q(**{self.agency: actor.agency.pk}) if may in actor.may else None


RESETS = Policy(FactorReset, reach={May.MANAGE_PEOPLE: (KeepsThem("agency", "person"),)})

PEOPLE = Policy(
    Membership,
    reach={May.MANAGE_PEOPLE: (KeepsThem("agency", "user"),)},
    only={May.MANAGE_PEOPLE: Q(status__in=["accepted", "active", "suspended"])},
)
