"""One act of somebody: all that it writes is written together, or nothing of it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, NoReturn

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.transaction import Atomic, TransactionManagementError

from audit.together import Unwritten, write_together
from encryption.fingerprints import as_stored
from encryption.models import raw_values
from workflow.rows import as_row, read_row


class NotWritten(Exception):
    """The database refused a new row; ``why`` finds the reason, once the database answers again."""

    def __init__(self, why: Callable[[], NoReturn]) -> None:
        super().__init__()
        self.why = why


class _Act(Atomic):
    """A transaction or a savepoint, the cases that were locked in it, and its evidence."""

    def __init__(self, around: "_Act | None") -> None:
        super().__init__(DEFAULT_DB_ALIAS, savepoint=around is None, durable=False)
        self.is_whole = around is None
        self.cases: dict[Any, dict[str, Any]] = {} if around is None else around.cases
        self.evidence: list[Unwritten] = [] if around is None else around.evidence

    def __exit__(self, kind: Any, fault: Any, traceback: Any) -> None:
        is_lost = kind is None and connection.needs_rollback
        if self.is_whole and kind is None and not is_lost:
            try:
                self.write_evidence()
            except BaseException as unwritten:
                super().__exit__(type(unwritten), unwritten, unwritten.__traceback__)
                raise
        super().__exit__(kind, fault, traceback)
        if is_lost:
            raise TransactionManagementError("A part failed, and the act went on without it.")

    def write_evidence(self) -> None:
        """Write what is noted so far, with its history rows."""
        if self.evidence:
            write_together(self.evidence)
            self.evidence.clear()


@contextmanager
def act(*, apart: bool = False) -> Iterator[None]:
    """All of it or nothing; an act within an act is a part of it and fails with it (docs/adr/0104).

    Where somebody catches what a part raises and goes on, that part is ``apart``: it is undone
    alone.
    """
    around = _around()
    if apart and around is not None:
        around.write_evidence()  # it is none of what may be undone alone
        around = None
    try:
        with _Act(around):
            yield
    except NotWritten as fault:
        if around is not None:
            raise  # until all of it is undone, the database answers nothing
        fault.why()


def locked_case(
    model: type[models.Model], pk: Any, read: Callable[[], models.Model] | None = None
) -> tuple[models.Model, bool]:
    """The case, locked until commit, and whether the lock was taken now; once in one act.

    ``read`` locks and reads it in another way than by its id.
    """
    around = _around()
    if around is not None and (model, pk) in around.cases:
        return as_row(model, deepcopy(around.cases[model, pk]).values()), False
    case = read() if read else read_row(model, pk, locked=True)
    if around is not None:
        around.cases[model, pk] = deepcopy(raw_values(case))
    return case, True


def keep_saved(row: models.Model) -> None:
    """Whichever case this is, it was saved: who locks it next in this act gets it as it is now.

    Whoever goes on after a part that was undone alone reads it again.
    """
    here, key = _around(), (type(row), row.pk)
    was_locked_here = here is not None and key in here.cases
    for block in connection.atomic_blocks:
        if isinstance(block, _Act):
            block.cases.pop(key, None)
    if here is not None and was_locked_here:
        here.cases[key] = {
            name: deepcopy(as_stored(row._meta.get_field(name), value))
            for name, value in raw_values(row).items()
        }


def noted() -> list[Unwritten] | None:
    """Where the evidence of this act is put, to be written at its end in one statement.

    None where it is written at once: outside an act, and on SQLite.
    """
    around = _around()
    if around is None or connection.vendor != "postgresql":
        return None
    return around.evidence


def write_what_is_noted() -> None:
    """Write it before the act ends: for whoever is about to read what this act has left behind."""
    if (around := _around()) is not None:
        around.write_evidence()


def _around() -> _Act | None:
    """The act that this is a part of, unless something in between is undone alone."""
    innermost = connection.atomic_blocks[-1] if connection.atomic_blocks else None
    return innermost if isinstance(innermost, _Act) else None
