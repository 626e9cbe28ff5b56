"""The second wall's words: ways to a row, said once more in SQL for PostgreSQL to keep.

The first wall is each app's ``policies.py``. The second repeats it as row-level security, so
that a query which forgot to ask a policy still finds nothing of anybody else's (docs/adr/0058).
An app says its ways in its ``rls.py``; ``portal.rls`` builds them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True)
class Way:
    """A condition on a row's own columns under which the database lets it be seen.

    Where a person has a part in few rows, a function gives their ids, as ``case_id IN (SELECT
    wall_x())``: asked once a statement and hashed. Where an agency gathers more with each year,
    a function says of one row whether it is theirs: ``wall_x(case_id, ...)``, after all ways that
    cost less, since the first way that holds ends the question (docs/adr/0075). ``writes`` says
    whether rows may be added and changed this way too.
    """

    sql: str
    writes: bool = True

    @property
    def reading(self) -> "Way":
        """The same way, for reading only."""
        return Way(self.sql, writes=False)

    def when(self, condition: str) -> "Way":
        """The same way, for rows of which ``condition`` holds as well."""
        return Way(f"({self.sql}) AND ({condition})", self.writes)


@dataclass(frozen=True)
class RlsFunction:
    """A function of the wall: what the person of this transaction has a part in.

    ``name`` may bring parameters along. ``body`` is SQL that gives ``gives``. It runs as the owner
    of the tables, so that what a policy asks does not ask the policy again. With
    ``planned_for_its_values`` each call is planned anew, for the values that it is called with.
    """

    name: str
    body: str
    gives: str = "SETOF uuid"
    planned_for_its_values: bool = False


Ways = Mapping[type[Model], tuple[Way, ...]]


def among(column: str, name: str) -> Way:
    """Rows whose ``column`` is one of the ids that the function ``name`` gives."""
    return Way(f"{column} IN (SELECT {name}())")
