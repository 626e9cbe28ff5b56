"""Two more ways in: by a reference that somebody typed, and out again with a copy."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model

from audit.record import Kind, note_look, note_looks
from workflow.acting import Actor
from workflow.policy import Policy
from workflow.sight import whatever_is_there

if TYPE_CHECKING:
    from agencies.permissions import May

Thing = TypeVar("Thing", bound=Model)


def find_or_refuse(policy: Policy[Thing], actor: Actor, may: "May", **lookup: Any) -> Thing | None:
    """The row that was typed in a form, or None, on which the form says that there is none.

    One out of reach and one that is not there look alike, and either is noted as refused. What
    is found is not noted here: nothing of it is shown until more has been done.
    """
    thing: Thing | None = policy.scope(actor, may).filter(**lookup).first()
    if thing is None:
        hidden = whatever_is_there(policy.model, lookup)
        note_look(Kind.REFUSED, hidden or actor.agency, **_stamp(actor, may))
    return thing


def note_all_exported(rows: Iterable[Model], actor: Actor, may: "May") -> None:
    """Note of each of ``rows`` that a copy of it was taken out of the portal (ISA-6.3)."""
    note_looks(Kind.EXPORTED, rows, **_stamp(actor, may))


def note_all_printed(rows: Iterable[Model], actor: Actor, may: "May") -> None:
    """Note of each of ``rows``, once, that its words are in a record that was printed."""
    each = {(row._meta.label_lower, row.pk): row for row in rows}
    note_looks(Kind.PRINTED, each.values(), **_stamp(actor, may))


def _stamp(actor: Actor, may: "May") -> dict[str, str]:
    return {"person": str(actor.user.pk), "agency": str(actor.agency.pk), "may": may.value}
