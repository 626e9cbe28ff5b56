"""What the installation itself puts there: rows that no person's act stands behind.

The demonstration, the first register of a partnership and the tests begin with these. Everything
after that is done by somebody, through a transition.
"""

from typing import Any

from django.db import models

from audit.names import move_of
from audit.record import record
from encryption.models import sealed_digest
from workflow.act import act
from workflow.traced import TracedModel


def save_unattended(row: TracedModel) -> Any:
    """Save a new row, or a new state of one, as the installation's own act.

    Its history and its evidence say ``founded`` and name nobody.
    """
    return save_unattended_as("founded", row, "" if row._state.adding else row.status)


def save_unattended_as(name: str, row: TracedModel, before: str, **details: str | int) -> Any:
    """Save a row as the installation's own act, in evidence by ``name``; nobody stands behind it.

    Whoever calls this holds the row, and says in which state it was ``before``.
    """
    for stamp, value in {
        "_history_user": None,
        "_history_agency_id": None,
        "_change_reason": name,
        "_in_transition": True,
    }.items():
        setattr(row, stamp, value)
    with act():
        row.save()
        record(
            move_of(row, name),
            row,
            person="",
            agency="",
            before=before,
            after=row.status,
            digest=sealed_digest(row),
            **details,
        )
    return row


def create_unattended(model: type[models.Model], **values: Any) -> Any:
    """Make one new row of a register."""
    return save_unattended(model(**values))  # type: ignore[arg-type]  # any traced model
