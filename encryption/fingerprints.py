"""Fingerprints of a row for the evidence: of its plain columns, and of what the sealed ones say."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final, TypeVar

from django.db import models

from encryption.casekeys import key_cache, sealing_key
from encryption.errors import KeyDestroyed
from encryption.fields import SealedField, sealed_fields
from encryption.seal import length_prefixed
from encryption.sealed_model import raw_values

COMMITMENT_KEY: Final = b"portal ledger commitment 1"
Column = TypeVar("Column", bound="models.Field[Any, Any]")


def came_later(column: Column) -> Column:
    """A column that was added when there were records already (docs/adr/0076).

    While it is empty it counts as not there, so the fingerprint of a row from before stays true.
    It must be one that may be empty, and must not be renamed.
    """
    column.came_later = True  # type: ignore[attr-defined]
    return column


def plain_digest(model: type[models.Model], values: Mapping[str, Any]) -> str:
    """A fingerprint of the columns that are not sealed, by attribute name.

    The same for a row as it was saved, as it is read again, and for the history row copied
    from it. These columns hold ids, codes and times only, so it tells nothing that they do not.
    """
    digest = hashlib.sha256()
    for each in model._meta.concrete_fields:
        if not isinstance(each, SealedField):
            said = _said(_as_stored(each, values[each.attname]))
            if said is None and getattr(each, "came_later", False):
                continue
            stored = [] if said is None else [said.encode()]
            digest.update(length_prefixed(each.attname.encode(), bytes([len(stored)]), *stored))
    return digest.hexdigest()


def row_digest(instance: models.Model) -> str:
    """``plain_digest`` of a row as it is in memory, saved or read."""
    return plain_digest(type(instance), raw_values(instance))


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
                plain = getattr(instance, each.attname)
                if plain is None and getattr(each, "came_later", False):
                    continue
                said = [] if plain is None else [each.encoded(plain)]
                mac.update(length_prefixed(each.label.encode(), bytes([len(said)]), *said))
            return mac.hexdigest()
    except KeyDestroyed:
        return ""


def _as_stored(field: Any, value: Any) -> Any:
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
