"""Tells the database for whom it is asked, for the length of one transaction.

PostgreSQL keeps the second wall by it; SQLite has none. The person is set with SET LOCAL, which
a connection pooler cannot carry over to somebody else's transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from workflow.acting import Actor

TELL = (
    "SELECT set_config('portal.person', %s, true), set_config('portal.agency', %s, true),"
    " set_config('portal.may', %s, true)"
)
NOT_ALLOWED = "42501"  # what PostgreSQL says of a row that a policy does not let be written


@contextmanager
def rls_session(actor: Actor) -> Iterator[None]:
    """One transaction, in which the database shows what ``actor`` can reach and no more."""
    if connection.vendor != "postgresql":
        yield
        return
    is_within = connection.in_atomic_block
    with transaction.atomic():
        permissions = ",".join(sorted(actor.permissions))
        _tell(str(actor.user.pk), str(actor.agency.pk), permissions, role=settings.WALL_ROLE)
        yield
        # Within another transaction, as in tests, the settings would outlive this one.
        if is_within and not connection.needs_rollback:
            _tell("", "", "", role=settings.WALL_ROLE and "none")


@contextmanager
def of_what_is_being_opened(case_id: UUID) -> Iterator[None]:
    """Who is in a case that somebody is just opening: for saying what stands out about that."""
    if connection.vendor != "postgresql":
        yield
        return
    _say("portal.opening", str(case_id))
    yield
    _say("portal.opening", "")


def behind_the_wall(model: type[models.Model], pk: UUID) -> Any | None:
    """A row of a case that is there and cannot be seen: its id and its case's, and nothing else.

    For noting that somebody was refused, and for telling a taken id from a free one.
    """
    if not settings.SECOND_WALL:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_whereabouts(%s, %s)", [model._meta.db_table, pk])
        (case_id,) = cursor.fetchone()
    if case_id is None:
        return None
    row = model(pk=pk)
    for column in _the_case(model):
        setattr(row, column, case_id)
    return row


def whatever_is_there(model: type[models.Model], lookup: dict[str, Any]) -> Any | None:
    """The row that was asked for, in reach or not: its id and its case's, and nothing else."""
    there = model._base_manager.filter(**lookup).only("pk", *_the_case(model)).first()
    if there is not None or not settings.SECOND_WALL:
        return there
    pk = lookup.get("pk") or _referred_to(model, lookup.get("reference"))
    # One that is seen was asked for as part of something else: that is no refusal of it.
    if pk is None or model._base_manager.filter(pk=pk).exists():
        return None
    return behind_the_wall(model, pk)


def _the_case(model: type[models.Model]) -> list[str]:
    """The column that names a row's case; none where the row is the case, or has none."""
    return [field.attname for field in model._meta.concrete_fields if field.name == "case"]


def _referred_to(model: type[models.Model], reference: str | None) -> UUID | None:
    if not reference:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_referred_to(%s, %s)", [model._meta.db_table, reference])
        found: UUID | None = cursor.fetchone()[0]
    return found


def is_refused_by_the_wall(fault: DatabaseError) -> bool:
    """Whether it was the second wall that did not let a row be written."""
    return getattr(fault.__cause__, "pgcode", "") == NOT_ALLOWED


def _tell(*who: str, role: str) -> None:
    """Tests set up and look on as the owner, and serve each page as the portal's own ``role``."""
    with connection.cursor() as cursor:
        if role:
            cursor.execute(f"{TELL}, set_config('role', %s, true)", [*who, role])
        else:
            cursor.execute(TELL, who)


def _say(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
