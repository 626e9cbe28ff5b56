"""The one way in: a view reaches a row through here or not at all."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from audit.record import Kind, note_look, note_looks
from workflow.acting import Actor
from workflow.policy import Policy
from workflow.sight import whatever_is_there

if TYPE_CHECKING:
    from agencies.permissions import May

Thing = TypeVar("Thing", bound=Model)

# Follows the permission in the note of a look at every version of a row, not at the row alone.
VERSIONS = ":versions"


def fetch_or_404(
    policy: Policy[Thing],
    actor: Actor,
    *mays: "May",
    kind: Kind = Kind.OPENED,
    related: tuple[str, ...] = (),
    versions: bool = False,
    **lookup: Any,
) -> Thing:
    """One row on which the actor may do any of ``mays``, noted as read.

    The note says by which of ``mays`` it was reached, the first of them that reaches it. Out of
    reach looks like not there (404); the attempt is noted as refused. ``related`` names what to
    load with the row. With ``versions`` the note says that it was the history.
    """
    rows: QuerySet[Thing] = policy.scope(actor, *mays).select_related(*related)
    thing = rows.filter(**lookup).first()
    by = _reached_by(policy, actor, mays, thing).value + VERSIONS * versions
    stamp = {"person": str(actor.user.pk), "agency": str(actor.agency.pk), "may": by}
    if thing is None:
        if hidden := whatever_is_there(policy.model, lookup):
            note_look(Kind.REFUSED, hidden, **stamp)
        raise Http404
    note_look(kind, thing, **stamp)
    return thing


def _reached_by(
    policy: Policy[Thing], actor: Actor, mays: tuple["May", ...], thing: Thing | None
) -> "May":
    if thing is None:
        return mays[0]
    reaching = (may for may in mays[:-1] if policy.allows(actor, may, thing))
    return next(reaching, mays[-1])


def hold_or_404(actor: Actor, *mays: "May") -> None:
    """A page of many rows is there for those who hold one of ``mays`` at the agency acted for."""
    if not actor.may & {may.value for may in mays}:
        raise Http404


def note_all_read(rows: Iterable[Model], actor: Actor, may: "May") -> None:
    """Note each of ``rows`` as opened: for a page that shows several rows of a case at once."""
    stamp = {"person": str(actor.user.pk), "agency": str(actor.agency.pk), "may": may.value}
    note_looks(Kind.OPENED, rows, **stamp)
