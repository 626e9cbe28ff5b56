"""One act of somebody: all that it writes is written together, or nothing of it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, NoReturn

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.transaction import Atomic, TransactionManagementError

from encryption.models import raw_values
from workflow.compiled import as_row, read_row


class NotWritten(Exception):
    """The database refused a new row; ``why`` finds the reason, once the database answers again."""

    def __init__(self, why: Callable[[], NoReturn]) -> None:
        super().__init__()
        self.why = why


class _Act(Atomic):
    """A transaction or a savepoint, and the cases that were locked in it."""

    def __init__(self, around: "_Act | None") -> None:
        super().__init__(DEFAULT_DB_ALIAS, savepoint=around is None, durable=False)
        self.cases: dict[Any, dict[str, Any]] = {} if around is None else around.cases

    def __exit__(self, kind: Any, fault: Any, traceback: Any) -> None:
        is_lost = kind is None and connection.needs_rollback
        super().__exit__(kind, fault, traceback)
        if is_lost:
            raise TransactionManagementError("A part failed, and the act went on without it.")


@contextmanager
def act(*, apart: bool = False) -> Iterator[None]:
    """All of it or nothing; an act within an act is a part of it and fails with it (docs/adr/0104).

    Where somebody catches what a part raises and goes on, that part is ``apart``: it is undone
    alone.
    """
    around = None if apart else _around()
    try:
        with _Act(around):
            yield
    except NotWritten as fault:
        if around is not None:
            raise  # until all of it is undone, the database answers nothing
        fault.why()


def locked_case(model: type[models.Model], pk: Any) -> tuple[models.Model, bool]:
    """The case, locked until commit, and whether the lock was taken now; once in one act."""
    around = _around()
    if around is not None and pk in around.cases:
        return as_row(model, deepcopy(around.cases[pk]).values()), False
    case = read_row(model, pk, locked=True)
    if around is not None:
        around.cases[pk] = deepcopy(raw_values(case))
    return case, True


def read_again(pk: Any) -> None:
    """Whichever case this is, it was saved: who locks it next reads it again."""
    for block in connection.atomic_blocks:
        if isinstance(block, _Act):
            block.cases.pop(pk, None)


def _around() -> _Act | None:
    """The act that this is a part of, unless something in between is undone alone."""
    innermost = connection.atomic_blocks[-1] if connection.atomic_blocks else None
    return innermost if isinstance(innermost, _Act) else None
