"""More ways in: by a reference that somebody typed, by a search, and out again with a copy."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model

from audit.names import thing_of
from audit.record import Kind, log_access, log_accesses
from workflow.acting import Actor, Permission
from workflow.gateway import stamp_of
from workflow.policy import Policy
from workflow.rls_session import whatever_is_there

Thing = TypeVar("Thing", bound=Model)


def find_or_refuse(
    policy: Policy[Thing], actor: Actor, permission: Permission, **lookup: Any
) -> Thing | None:
    """The row that was typed in a form, or None, on which the form says that there is none.

    One out of reach and one that is not there look alike, and either is noted as refused. What
    is found is not noted here: nothing of it is shown until more has been done.
    """
    thing: Thing | None = policy.scope(actor, permission).filter(**lookup).first()
    if thing is None:
        hidden = whatever_is_there(policy.model, lookup)
        log_access(Kind.REFUSED, hidden or actor.agency, **stamp_of(actor, permission.value))
    return thing


def log_all_exported(rows: Iterable[Model], actor: Actor, permission: Permission) -> None:
    """Note of each of ``rows`` that a copy of it was taken out of the portal (ISA-6.3)."""
    log_accesses(Kind.EXPORTED, rows, **stamp_of(actor, permission.value))


def log_all_printed(rows: Iterable[Model], actor: Actor, permission: Permission) -> None:
    """Note of each of ``rows``, once, that its words are in a record that was printed."""
    each = {(thing_of(row), row.pk): row for row in rows}
    log_accesses(Kind.PRINTED, each.values(), **stamp_of(actor, permission.value))


def log_search(actor: Actor, permission: Permission, by: str, shown: int) -> None:
    """Note that somebody searched: by what kind of term, and how much was shown. Never the term."""
    may = f"{permission.value}:{by}:{shown}"
    log_access(Kind.SEARCHED, actor.agency, **stamp_of(actor, may))
