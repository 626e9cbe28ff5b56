"""What the leaves say of one row, and whether the row is as they say."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model

from audit.ledger.findings import Findings, state_of
from encryption.casekeys import REGISTER, prefetch_case_keys
from encryption.disposals import Disposed
from encryption.errors import KeyDestroyed, KeyMissing, KeyringFault
from encryption.fingerprints import (
    is_fingerprint_of,
    is_of_the_same_row,
    is_what_is_left_of,
    plain,
)
from encryption.models import raw_values, sealed_digest
from encryption.unit_of_work import key_cache


@dataclass(frozen=True, slots=True)
class Said:
    """The version of a row, its state, and the fingerprints of what it holds."""

    version: int
    entry: int
    digest: str
    row: str
    case: UUID | None
    after: str
    stamp: bytes = b""

    def state(self) -> tuple[str, ...]:
        """All of it, as ``Findings.add`` takes it."""
        case = str(self.case or "")
        entry = f"{self.entry} {self.version}"
        return entry, self.digest, self.row, case, self.after, self.stamp.hex()


@contextmanager
def keys_of(several: Iterable[Said | None]) -> Iterator[None]:
    """Have the keys by which the fingerprints of these were made, asked for at once."""
    with key_cache():
        prefetch_case_keys({REGISTER, *(said.case for said in several if said and said.case)})
        yield


def hold(
    name: str, model: type[Model], row: Any, said: Said, *, disposed: Disposed, found: Findings
) -> None:
    """Say what of a row, or of a row of its history, is not as the leaves say.

    Once a case was disposed of, nobody can tell what its codes were; then it is held that its rows
    are in the state in which they were left, and whose they are and when.
    """
    version = getattr(row, "version", 0)
    now = (*state_of(row), *said.state())
    try:
        if version != said.version:
            found.add(f"{name} is at version {version}; the ledger has {said.version}.", *now)
        elif sealed_digest(row) != said.digest:
            found.add(f"{name} holds other sealed values than at its last step.", *now)
        elif not _is_as_said(model, row, said, disposed):
            found.add(f"{name} holds other values than at its last step.", *now)
    except KeyMissing:
        found.add(f"{name} cannot be held against the ledger: the keystore lacks its key.")
    except KeyringFault:
        found.add(f"{name} cannot be held against the ledger: its key does not unwrap.")
    except KeyDestroyed:
        found.add(
            f"{name} cannot be held against the ledger: its key is destroyed, and the register of "
            "disposals does not name its case."
        )


def is_same_row(before: Said | None, anew: Said, disposed: Disposed) -> bool:
    """Whether both say the same of the plain columns; ``before`` perhaps under no key yet."""
    try:
        return before is not None and is_of_the_same_row(before.row, anew.row, anew.case)
    except KeyDestroyed:
        return disposed.names(anew.case)  # then nobody can tell any more
    except (KeyMissing, KeyringFault):
        return False


def _is_as_said(model: type[Model], row: Any, said: Said, disposed: Disposed) -> bool:
    try:
        columns = plain(model, raw_values(row))
    except ValidationError:  # nothing stands where something must
        return False
    try:
        return is_fingerprint_of(said.row, columns, said.case)
    except KeyDestroyed:
        # The keystore says so; whoever may add to it could have.
        if not disposed.names(said.case):
            raise
        is_left = getattr(row, "status", said.after) == said.after
        return is_left and is_what_is_left_of(said.row, columns)
