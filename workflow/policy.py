"""Who may do what to which rows. A permission is a queryset, stated once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Generic, Protocol, TypeVar

from django.db.models import Model, Q, QuerySet

from agencies.acting import Actor
from agencies.permissions import May

Thing = TypeVar("Thing", bound=Model)

# What makes somebody work on cases; keeping the register and advising do not (ISA-7.2).
CASE_WORK = frozenset(May) - {May.ADMINISTER, May.ADVISE}


class Path(Protocol):
    """A way from a row to whoever grants a permission on it."""

    def rows(self, actor: Actor, may: May) -> Q | None:
        """Which rows it opens to ``actor``; None where it opens none."""


@dataclass(frozen=True)
class AtAgency:
    """The agency that ``path`` names grants it, to those who hold the permission there."""

    path: str

    def rows(self, actor: Actor, may: May) -> Q | None:
        """Rows of the agency acted for, if the permission is held at it."""
        return Q(**{self.path: actor.agency.pk}) if may in actor.may else None


@dataclass(frozen=True)
class InPerson:
    """The row names this very person, for this very agency: a part in the case (ISA-7.2).

    The part is enough by itself, unless ``holding`` asks for the permission as well; but
    never for somebody who only keeps the register or advises there.
    """

    path: str
    agency: str
    holding: bool = False

    def rows(self, actor: Actor, may: May) -> Q | None:
        """Rows in which the person has a part for the agency acted for."""
        if not actor.may & CASE_WORK or (self.holding and may not in actor.may):
            return None
        return Q(**{self.path: actor.user.pk, self.agency: actor.agency.pk})


@dataclass(frozen=True)
class AtPartnerOtherThan:
    """A statutory safeguarding partner grants it, except on what it decided itself (ISA-5.4).

    Nor to somebody who also acts for the agency that decided, whichever they act for now.
    ``nor_by`` names a person on the row to whom it is closed too, whichever agency they act for.
    """

    path: str
    nor_by: str = ""

    def rows(self, actor: Actor, may: May) -> Q | None:
        """Every row that another agency answers for."""
        if may not in actor.may or not actor.agency.is_statutory_partner:
            return None
        own = actor.user.memberships.values("agency")
        others = ~Q(**{self.path: actor.agency.pk}) & ~Q(**{f"{self.path}__in": own})
        return others & ~Q(**{self.nor_by: actor.user.pk}) if self.nor_by else others


@dataclass(frozen=True)
class Policy(Generic[Thing]):
    """For each permission, the paths that may grant it on a row of ``model``.

    ``only`` narrows a permission to some rows, such as those already sent. A permission
    that is not in ``reach`` opens nothing. ``many`` says that a path crosses to many rows,
    so that the scope must go by sub-query to hold each row once.
    """

    model: type[Thing]
    reach: Mapping[May, tuple[Path, ...]]
    only: Mapping[May, Q] = field(default_factory=dict)
    many: bool = False

    def scope(self, actor: Actor, *mays: May) -> QuerySet[Thing]:
        """Every row of the model on which ``actor`` may do any of these."""
        everything = self.model._base_manager.all()
        opened = [q for may in mays if (q := self._opened(actor, may)) is not None]
        if not opened:
            return everything.none()
        reached = reduce(or_, opened)
        if self.many:
            return everything.filter(pk__in=everything.filter(reached).values("pk"))
        return everything.filter(reached)

    def allows(self, actor: Actor, may: May, thing: Thing) -> bool:
        """The same question about one row, so that list and detail cannot disagree."""
        return self.scope(actor, may).filter(pk=thing.pk).exists()

    def _opened(self, actor: Actor, may: May) -> Q | None:
        ways = (path.rows(actor, may) for path in self.reach.get(may, ()))
        opened = [way for way in ways if way is not None]
        if not opened:
            return None
        return reduce(or_, opened) & self.only.get(may, Q())
