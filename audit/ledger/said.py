"""What the leaves say of one row, and whether the row is as they say."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model

from audit.ledger.findings import Findings
from encryption.casekeys import REGISTER, key_cache, prefetch_case_keys
from encryption.errors import KeyDestroyed, KeyMissing
from encryption.fingerprints import is_fingerprint_of, plain_digest
from encryption.models import raw_values, sealed_digest


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


@contextmanager
def keys_of(several: Iterable[Said | None]) -> Iterator[None]:
    """Have the keys by which the fingerprints of these were made, asked for at once."""
    with key_cache():
        prefetch_case_keys({said.case or REGISTER for said in several if said})
        yield


def hold(name: str, model: type[Model], row: Any, said: Said, found: Findings) -> None:
    """Say what of a row, or of a row of its history, is not as the leaves say.

    Once a case was disposed of, nobody can tell what its rows held; then it is only held that
    they are in the state in which they were left.
    """
    version = getattr(row, "version", 0)
    try:
        if version != said.version:
            found.add(f"{name} is at version {version}; the ledger has {said.version}.")
        elif sealed_digest(row) != said.digest:
            found.add(f"{name} holds other sealed values than at its last step.")
        elif not _is_as_said(model, row, said):
            found.add(f"{name} holds other values than at its last step.")
    except KeyMissing:
        found.add(f"{name} cannot be held against the ledger: the keystore lacks its key.")


def is_same_row(before: Said | None, anew: Said) -> bool:
    """Whether both say the same of the plain columns; ``before`` perhaps under no key yet."""
    try:
        return before is not None and (
            before.row == anew.row or is_fingerprint_of(anew.row, before.row, anew.case)
        )
    except KeyDestroyed:
        return True  # nobody can tell any more
    except KeyMissing:
        return False


def _is_as_said(model: type[Model], row: Any, said: Said) -> bool:
    try:
        return is_fingerprint_of(said.row, plain_digest(model, raw_values(row)), said.case)
    except ValidationError:  # nothing stands where something must
        return False
    except KeyDestroyed:
        return bool(getattr(row, "status", said.after) == said.after)
