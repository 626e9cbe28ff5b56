"""Who may do what to which rows. A permission is a queryset, stated once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from django.db.models import Model, Q, QuerySet

from workflow.acting import Actor

if TYPE_CHECKING:
    from agencies.permissions import May

Thing = TypeVar("Thing", bound=Model)


class Path(Protocol):
    """A way from a row to whoever grants a permission on it."""

    def rows(self, actor: Actor, may: "May") -> Q | None:
        """Which rows it opens to ``actor``; None where it opens none."""


@dataclass(frozen=True)
class AtAgency:
    """The agency that ``path`` names grants it, to those who hold the permission there."""

    path: str

    def rows(self, actor: Actor, may: "May") -> Q | None:
        """Rows of the agency acted for, if the permission is held at it."""
        return Q(**{self.path: actor.agency.pk}) if may in actor.may else None


@dataclass(frozen=True)
class Policy(Generic[Thing]):
    """For each permission, the paths that may grant it on a row of ``model``.

    ``only`` narrows a permission to some rows, such as those already sent. A permission
    that is not in ``reach`` opens nothing. ``many`` says that a path crosses to many rows,
    so that the scope must go by sub-query to hold each row once.
    """

    model: type[Thing]
    reach: Mapping["May", tuple[Path, ...]]
    only: Mapping["May", Q] = field(default_factory=dict)
    many: bool = False

    def scope(self, actor: Actor, *mays: "May") -> QuerySet[Thing]:
        """Every row of the model on which ``actor`` may do any of these."""
        everything = self.model._base_manager.all()
        opened = [q for may in mays if (q := self._opened(actor, may)) is not None]
        if not opened:
            return everything.none()
        reached = either(opened)
        if self.many:
            return everything.filter(pk__in=everything.filter(reached).values("pk"))
        return everything.filter(reached)

    def allows(self, actor: Actor, may: "May", thing: Thing) -> bool:
        """The same question about one row, so that list and detail cannot disagree."""
        return self.scope(actor, may).filter(pk=thing.pk).exists()

    def _opened(self, actor: Actor, may: "May") -> Q | None:
        ways = (path.rows(actor, may) for path in self.reach.get(may, ()))
        opened = [way for way in ways if way is not None]
        if not opened:
            return None
        return either(opened) & self.only.get(may, Q())


def either(opened: list[Q]) -> Q:
    """Any of these; one that opens every row (``Q()``) opens them all, where ``|`` drops it."""
    return reduce(or_, opened) if all(opened) else Q()
