"""What a receiving agency says of its own copy (ISA-8.1)."""

from datetime import date

from django.utils import timezone

from agencies.acting import Actor
from retention.models import DisposalStatement
from retention.transitions import STATEMENT
from workflow.transitions import idempotent


@idempotent
def state_disposed(statement: DisposalStatement, *, by: Actor) -> DisposalStatement:
    """Say that the agency's copy is disposed of, now or after having been kept."""
    with STATEMENT.making("dispose", statement, by=by):
        statement.said_by, statement.said_at = by.user, timezone.now()
    return statement


@idempotent
def state_kept(
    statement: DisposalStatement, *, by: Actor, because: str, until: date
) -> DisposalStatement:
    """Say why the agency keeps its copy, and until when."""
    writes = {"kept_because": because, "kept_until": until}
    with STATEMENT.making("keep", statement, by=by, writes=writes, because=because):
        statement.said_by, statement.said_at = by.user, timezone.now()
    return statement
