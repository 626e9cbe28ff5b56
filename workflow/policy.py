"""Who may do what to which rows. A permission is a queryset, stated once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import Model, Q, QuerySet, Value

from workflow.acting import Actor, Permission
from workflow.compiled import ForActor
from workflow.locking import is_the_case

Thing = TypeVar("Thing", bound=Model)


class Path(Protocol):
    """A way from a row to whoever grants a permission on it."""

    # Of which people and which list of permissions: those who write paths say it.
    def rows(self, actor: Any, permission: Any) -> Q | None:
        """Which rows it opens to ``actor``; None where it opens none."""


@dataclass(frozen=True)
class AtAgency:
    """The agency that ``path`` names grants it, to those who hold the permission there."""

    path: str

    def rows(self, actor: Actor, permission: Any) -> Q | None:
        """Rows of the agency acted for, if the permission is held at it."""
        return Q(**{self.path: actor.agency.pk}) if permission in actor.permissions else None


@dataclass(frozen=True, eq=False)
class Policy(Generic[Thing]):
    """For each permission, the paths that may grant it on a row of ``model``.

    ``only`` narrows a permission to some rows, such as those already sent. A permission
    that is not in ``reach`` opens nothing. ``many`` says that a path crosses to many rows,
    so that the scope must go by sub-query to hold each row once.
    """

    model: type[Thing]
    reach: Mapping[Any, tuple[Path, ...]]
    only: Mapping[Any, Q] = field(default_factory=dict)
    many: bool = False

    def scope(self, actor: Actor, *permissions: Permission) -> QuerySet[Thing]:
        """Every row of the model on which ``actor`` may do any of these."""
        everything = self.model._base_manager.all()
        opened = [
            q for permission in permissions if (q := self._opened(actor, permission)) is not None
        ]
        if not opened:
            return everything.none()
        reached = either(opened)
        if self.many:
            return everything.filter(pk__in=everything.filter(reached).values("pk"))
        return everything.filter(reached)

    def allows(self, actor: Actor, thing: Thing, *permissions: Permission) -> bool:
        """The same question about one row, so that list and detail cannot disagree."""
        return bool(ALLOWED(actor, self, permissions, pk=thing.pk))

    def locked(
        self, actor: Actor, thing: Thing, permissions: Any, related: tuple[str, ...] = ()
    ) -> Thing | None:
        """The row, locked until commit, with related rows; None where it is out of reach."""
        for row in LOCKED(actor, self, permissions, related, pk=thing.pk):
            if row.is_allowed or self.allows(actor, row, *permissions):
                found: Thing = row
                return found
        return None

    def _opened(self, actor: Actor, permission: Permission) -> Q | None:
        ways = (path.rows(actor, permission) for path in self.reach.get(permission, ()))
        opened = [way for way in ways if way is not None]
        if not opened:
            return None
        return either(opened) & self.only.get(permission, Q())


# Of one row, whether it is among those that are opened.
ALLOWED = ForActor(
    lambda actor, policy, permissions, pk: (
        policy.scope(actor, *permissions).filter(pk=pk).values_list("pk")[:1]
    )
)


def _locked(
    actor: Any, policy: Policy[Any], permissions: Any, related: tuple[str, ...], pk: Any
) -> Any:
    """The row, locked. Whether it is among those that are opened can be asked in the same statement
    if nothing can change the answer while it waits for the lock: of a row whose case is locked by
    then, and where the answer is in the row's own columns, which PostgreSQL asks anew.
    """
    opened = policy.scope(actor, *permissions).filter(pk=pk)
    is_allowed = not is_the_case(policy.model) or _asks_one_table(opened)
    rows = opened if is_allowed else policy.model._base_manager.filter(pk=pk)
    rows = rows.annotate(is_allowed=Value(is_allowed)).select_for_update(of=("self",))
    return rows.select_related(*related) if related else rows  # nothing named would be everything


def _asks_one_table(rows: Any) -> bool:
    try:
        return str(rows.query).count(" FROM ") == 1 and " JOIN " not in str(rows.query)
    except EmptyResultSet:
        return True  # it opens nothing, whatever changes


LOCKED = ForActor(_locked)


def either(opened: list[Q]) -> Q:
    """Any of these; one that opens every row (``Q()``) opens them all, where ``|`` drops it."""
    return reduce(or_, opened) if all(opened) else Q()
