"""The one way in: a view reaches a row through here or not at all."""

from collections.abc import Iterable
from itertools import chain
from typing import Any, TypeVar

from django.db.models import Case, Exists, IntegerField, Model, OuterRef, QuerySet, Value, When
from django.http import Http404

from audit.record import Kind, log_access, log_accesses
from workflow.acting import Actor, Permission
from workflow.compiled import ForActor
from workflow.policy import Policy
from workflow.rls_session import whatever_is_there

Thing = TypeVar("Thing", bound=Model)

# Follows the permission in the note of a look at every version of a row, not at the row alone.
VERSIONS = ":versions"
REACHED = "reached_by"


def fetch_or_404(
    policy: Policy[Thing],
    actor: Actor,
    *permissions: Permission,
    kind: Kind = Kind.OPENED,
    related: tuple[str, ...] = (),
    versions: bool = False,
    **lookup: Any,
) -> Thing:
    """One row on which the actor may do any of ``permissions``, logged as read.

    The log says by which of ``permissions`` it was reached: the first of them that reaches it. Out
    of reach looks like not there (404); the attempt is logged as refused. ``related`` names what to
    load with the row. With ``versions`` the log says that it was the history.
    """
    thing: Thing | None = next(iter(_found(policy, actor, permissions, related, lookup)), None)
    by = permissions[vars(thing).pop(REACHED, 0)] if thing else permissions[0]
    stamp = stamp_of(actor, by.value + VERSIONS * versions)
    if thing is None:
        if hidden := whatever_is_there(policy.model, lookup):
            log_access(Kind.REFUSED, hidden, **stamp)
        raise Http404
    vars(thing)[REACHED] = by
    log_access(kind, thing, **stamp)
    return thing


def reached_by(thing: Model) -> Permission:
    """The permission by which a page has fetched this row."""
    by: Permission = vars(thing)[REACHED]
    return by


def _found(
    policy: Any, actor: Actor, permissions: Any, related: Any, lookup: dict[str, Any]
) -> list[Any]:
    wanted = {name: getattr(value, "pk", value) for name, value in lookup.items()}
    if None in wanted.values():
        return []  # nothing is found by what is not there
    fixed = {name: value for name, value in wanted.items() if isinstance(value, tuple | bool)}
    values = {name: value for name, value in wanted.items() if name not in fixed}
    return ROW(actor, policy, permissions, related, tuple(fixed.items()), **values)


def _row(
    actor: Any, policy: Any, permissions: Any, related: Any, fixed: Any, **values: Any
) -> "QuerySet[Any, Any]":
    found: QuerySet[Any, Any] = policy.scope(actor, *permissions).filter(**dict(fixed), **values)
    if related:  # of nothing, Django takes all that the row refers to
        found = found.select_related(*related)
    if len(permissions) > 1:
        found = found.annotate(**{REACHED: _first_of(policy, actor, permissions)})
    return (found if found.ordered else found.order_by("pk"))[:1]


ROW = ForActor(_row)


def _first_of(policy: Any, actor: Any, permissions: Any) -> Case:
    """The place of the first of the permissions that reaches a row, as its query says it."""
    ways = [
        When(Exists(policy.scope(actor, each).filter(pk=OuterRef("pk"))), then=Value(place))
        for place, each in enumerate(permissions[:-1])
    ]
    return Case(*ways, default=Value(len(permissions) - 1), output_field=IntegerField())


def require_permission_or_404(actor: Actor, *permissions: Permission) -> None:
    """A page of many rows is there for those who hold one of ``permissions`` at their agency."""
    if not actor.permissions & {permission.value for permission in permissions}:
        raise Http404


def fetch_all(
    actor: Actor, permission: Permission, *rows: Iterable[Thing]
) -> tuple[list[Thing], ...]:
    """Several rows for one page, each logged as read: the only way from a selector to a view.

    The rows are in the actor's reach, as the selector asked its policy. However many lists there
    are, they come back as they were given, and are logged in one statement.
    """
    found = tuple(list(each) for each in rows)
    log_accesses(Kind.OPENED, chain.from_iterable(found), **stamp_of(actor, permission.value))
    return found


def stamp_of(actor: Actor, may: str) -> dict[str, str]:
    """What the access log says of whoever reads, and by which permission they do."""
    return {"person": str(actor.user.pk), "agency": str(actor.agency.pk), "may": may}
