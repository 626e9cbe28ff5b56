"""Ways to a permission that ask who the person is: by name in a row, or as a partner."""

from dataclasses import dataclass

from django.db.models import Q

from agencies.models import Membership
from agencies.permissions import CASE_WORK, Permission
from workflow.acting import Actor


@dataclass(frozen=True)
class InPerson:
    """The row names this very person, for this very agency: a part in the case (ISA-7.2).

    The part is enough by itself, unless ``holding`` asks for the permission as well; but
    never for somebody who only keeps the register or advises there.
    """

    path: str
    agency: str
    holding: bool = False

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """Rows in which the person has a part for the agency acted for."""
        if not actor.permissions & CASE_WORK or (
            self.holding and permission not in actor.permissions
        ):
            return None
        return Q(**{self.path: actor.user.pk, self.agency: actor.agency.pk})


@dataclass(frozen=True)
class OnTheRegister:
    """Every row, for those who hold the permission at the office that keeps the register."""

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """All of them, or none."""
        return Q() if permission in actor.permissions and actor.agency.keeps_register else None


@dataclass(frozen=True)
class AtPartnerOtherThan:
    """A statutory safeguarding partner grants it, except on what it decided itself (ISA-5.4).

    Nor to somebody who also acts for the agency that decided, whichever they act for now.
    ``nor_by`` names a person on the row to whom it is closed too, whichever agency they act for.
    """

    path: str
    nor_by: str = ""

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """Every row that another agency answers for."""
        if permission not in actor.permissions or not actor.agency.is_statutory_partner:
            return None
        # Whoever has left still stood behind what it decided in their time.
        own = Membership.objects.filter(user=actor.user.pk).exclude(status="invited")
        theirs = Q(**{f"{self.path}__in": own.values("agency")})
        others = ~Q(**{self.path: actor.agency.pk}) & ~theirs
        return others & ~Q(**{self.nor_by: actor.user.pk}) if self.nor_by else others
