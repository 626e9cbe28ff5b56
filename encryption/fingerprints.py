"""Fingerprints of a row for the evidence: of its plain columns, and of what the sealed ones say.

Both are made under keys of the case: what the plain columns hold are codes, ids and times, which
whoever holds an export of the ledger could try out (docs/adr/0095).
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import models

from encryption.casekeys import (
    FOR_FINGERPRINTS,
    REGISTER,
    fingerprint_key,
    opening_key,
    sealing_key,
)
from encryption.errors import KeyDestroyed, KeyMissing
from encryption.fields import SealedField, sealed_fields
from encryption.seal import length_prefixed
from encryption.unit_of_work import DataKey, key_cache

COMMITMENT_KEY: Final = b"portal ledger commitment 1"
ROW_KEY: Final = b"portal ledger row 1"
# What the fingerprint of a row begins with: under whose key it is. Those from before ADR 95 are
# under none, and begin with nothing.
UNDER_CASE: Final = "01"
UNDER_REGISTER: Final = "02"
PLAIN: Final = 64  # the length of one from before
LASTING: Final = (models.DateField, models.TimeField)  # times are dates too
Column = TypeVar("Column", bound="models.Field[Any, Any]")


def came_later(column: Column) -> Column:
    """A column that was added when there were records already (docs/adr/0076).

    While it is empty it counts as not there, so the fingerprint of a row from before stays true.
    It must be one that may be empty. The column in the database must not be renamed; its field may.
    """
    column.came_later = True  # type: ignore[attr-defined]
    return column


@dataclass(frozen=True)
class Plain:
    """Digests of the plain columns of a row: of all, and of those that say whose it is and when.

    For nobody to see. The same for a row as it was saved, as it is read again, and for the history
    row copied from it.
    """

    all: str
    whose: str


def plain(model: type[models.Model], values: Mapping[str, Any]) -> Plain:
    """Both digests, from what the columns hold by attribute name."""
    return Plain(
        plain_digest(model, values),
        _digest(model, values, lambda each: each.is_relation or isinstance(each, LASTING)),
    )


def plain_digest(model: type[models.Model], values: Mapping[str, Any]) -> str:
    """A digest of all the columns that are not sealed."""
    return _digest(model, values, lambda _each: True)


def _digest(
    model: type[models.Model], values: Mapping[str, Any], takes: Callable[[Any], bool]
) -> str:
    digest = hashlib.sha256()
    for each in model._meta.concrete_fields:
        if not isinstance(each, SealedField) and (each.primary_key or takes(each)):
            said = _said(as_stored(each, values[each.attname]))
            if said is None and getattr(each, "came_later", False):
                continue
            stored = [] if said is None else [said.encode()]
            digest.update(length_prefixed(str(each.column).encode(), bytes([len(stored)]), *stored))
    return digest.hexdigest()


def row_fingerprint(row: Plain, case_id: UUID | None) -> str:
    """What the ledger says of the plain columns of a row.

    Under the key of the row's case, so that it dies with the case; whose row it is, and when,
    under the register's key too, which never goes. What belongs to no case, or to one whose key
    is gone, stands under the register's key alone.
    """
    with key_cache():
        register = fingerprint_key(REGISTER)
        try:
            if case_id is not None:
                of_case = _under(fingerprint_key(case_id), row.all)
                return UNDER_CASE + of_case + _under(register, row.whose)
        except (KeyDestroyed, KeyMissing):
            pass
        return UNDER_REGISTER + _under(register, row.all)


def is_fingerprint_of(said: str, row: Plain, case_id: UUID | None) -> bool:
    """Whether the ledger says this of a row, perhaps from before there were keys.

    Raises KeyDestroyed and KeyMissing.
    """
    if len(said) == PLAIN:
        return said == row.all
    return is_keyed_fingerprint_of(said, row, case_id)


def is_keyed_fingerprint_of(said: str, row: Plain, case_id: UUID | None) -> bool:
    """The same of one under a key, for what was never in the ledger under none.

    Raises KeyDestroyed and KeyMissing.
    """
    if said.startswith(UNDER_REGISTER):
        return said == UNDER_REGISTER + _under(_known(REGISTER), row.all)
    if case_id is None:
        return False
    keyed = UNDER_CASE + _under(_known(case_id), row.all)
    return said == keyed + _under(_known(REGISTER), row.whose)


def is_what_is_left_of(said: str, row: Plain) -> bool:
    """The same once the key of the case is destroyed: whose row it is, and when. KeyMissing."""
    if said.startswith(UNDER_CASE) and len(said) == len(UNDER_CASE + row.all + row.whose):
        return said.endswith(_under(_known(REGISTER), row.whose))
    return is_fingerprint_of(said, row, None)


def is_of_the_same_row(before: str, anew: str, case_id: UUID | None) -> bool:
    """Whether two fingerprints say the same, the first perhaps from before there were keys.

    Raises KeyDestroyed and KeyMissing.
    """
    if before == anew or len(before) != PLAIN or case_id is None:
        return before == anew
    return anew.startswith(UNDER_CASE + _under(_known(case_id), before))


def _known(case_id: UUID) -> DataKey:
    return opening_key(case_id, FOR_FINGERPRINTS)


def _under(key: DataKey, digest: str) -> str:
    return hmac.new(key.derive(ROW_KEY), bytes.fromhex(digest), hashlib.sha256).hexdigest()


def commitment(instance: models.Model) -> str:
    """A commitment to what the sealed columns say, whose salt dies with the case key.

    Whoever has the case key can show that this text stood there then; once the key is
    destroyed nobody can try out texts against it. "" where nothing is sealed or the key is gone.
    """
    fields = sealed_fields(instance)
    if not fields:
        return ""
    try:
        with key_cache():
            place = fields[0].place(instance)
            salt = sealing_key(place.case_id).derive(COMMITMENT_KEY)
            mac = hmac.new(salt, place.row_id.bytes, hashlib.sha256)
            for each in fields:
                value = getattr(instance, each.attname)
                if value is None and getattr(each, "came_later", False):
                    continue
                said = [] if value is None else [each.encoded(value)]
                mac.update(length_prefixed(each.label.encode(), bytes([len(said)]), *said))
            return mac.hexdigest()
    except KeyDestroyed:
        return ""


def as_stored(field: Any, value: Any) -> Any:
    """What the database gives back for a value that was assigned, perhaps as another type."""
    while field.remote_field:
        field = field.target_field
    return field.to_python(value)


def _said(value: Any) -> str | None:
    if value is None or isinstance(value, bool | int):
        return None if value is None else str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, sort_keys=True)
    return str(value)
