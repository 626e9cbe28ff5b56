"""Who keeps an agency's people: those who may at the agency, and the office for all of them."""

from dataclasses import dataclass

from django.db.models import Q

from agencies.models import (
    Acknowledgement,
    Agency,
    Guidance,
    Invitation,
    Membership,
    Proposal,
    Vetting,
)
from agencies.paths import OnTheRegister
from agencies.permissions import Permission
from workflow.acting import IN_OWN_NAME, Actor
from workflow.policy import AtAgency, Path, Policy


@dataclass(frozen=True)
class AtTheOffice:
    """Every row, for administrators at the office that keeps the register, as if it were theirs."""

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """All of them, or none."""
        return (
            Q()
            if Permission.ADMINISTER in actor.permissions and actor.agency.keeps_register
            else None
        )


@dataclass(frozen=True)
class OneselfHere:
    """The rows that are about the person who acts, at the agency acted for; no role is needed."""

    person: str
    agency: str = ""

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """One's own."""
        own = Q(**{self.person: actor.user.pk})
        return own & Q(**{self.agency: actor.agency.pk}) if self.agency else own


@dataclass(frozen=True)
class Everybody:
    """Whoever acts for an agency: the guidance is for all of them to read."""

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """All of them."""
        return Q()


@dataclass(frozen=True)
class KeepsThem:
    """Whoever keeps the people of the agency, or the register of all; never about oneself."""

    agency: str
    person: str

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """Rows about other people of the agency acted for, or of any agency."""
        others = ~Q(**{self.person: actor.user.pk})
        if Permission.ADMINISTER in actor.permissions and actor.agency.keeps_register:
            return others
        return (
            others & Q(**{self.agency: actor.agency.pk})
            if permission in actor.permissions
            else None
        )


def _kept(path: str) -> dict[Permission, tuple[Path, ...]]:
    """By the agency that ``path`` leads to, and by the office."""
    return {Permission.MANAGE_PEOPLE: (AtAgency(path), AtTheOffice())}


MEMBERSHIPS = Policy(Membership, reach=_kept("agency"))
INVITATIONS = Policy(Invitation, reach=_kept("membership__agency"))
CHECKS = Policy(Vetting, reach=_kept("membership__agency"))
# Never about oneself: whoever gets the role neither sees that it waits here nor decides it.
PROPOSALS = Policy(
    Proposal, reach={Permission.MANAGE_PEOPLE: (KeepsThem("agency", "membership__user"),)}
)
# An agency as the body whose people are kept.
WITH_PEOPLE = Policy(Agency, reach=_kept("pk"))

OWN_MEMBERSHIPS = Policy(
    Membership, reach={IN_OWN_NAME: (OneselfHere(person="user", agency="agency"),)}
)
OWN_INVITATIONS = Policy(
    Invitation,
    reach={IN_OWN_NAME: (OneselfHere(person="membership__user", agency="membership__agency"),)},
)
OWN_ACKNOWLEDGEMENTS = Policy(Acknowledgement, reach={IN_OWN_NAME: (OneselfHere(person="user"),)})

GUIDANCE = Policy(Guidance, reach={Permission.ADMINISTER: (OnTheRegister(),)})
# An old page may still ask to acknowledge what was replaced meanwhile; the transition says so.
PUBLISHED = Policy(
    Guidance,
    reach={IN_OWN_NAME: (Everybody(),)},
    only={IN_OWN_NAME: ~Q(status=Guidance.Status.DRAFT)},
)
