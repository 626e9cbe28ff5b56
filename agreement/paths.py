"""Ways to a permission on the agreement: as one of its partners, or as anybody who takes part."""

from dataclasses import dataclass

from django.db.models import Q

from agencies.permissions import Permission
from workflow.acting import Actor


@dataclass(frozen=True)
class AtAPartner:
    """A statutory partner grants it: on every row, or on those that ``path`` gives to itself."""

    path: str = ""

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """The rows, for those who hold the permission at a statutory partner."""
        if permission not in actor.permissions or not actor.agency.is_statutory_partner:
            return None
        return Q(**{self.path: actor.agency.pk}) if self.path else Q()


@dataclass(frozen=True)
class Everybody:
    """Whoever acts for an agency: the agreement is for all of them to read."""

    def rows(self, actor: Actor, permission: Permission) -> Q | None:
        """All of them."""
        return Q()
