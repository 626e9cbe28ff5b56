"""Holds one row against what the ledger said of it last, before what cannot be undone is done."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from audit.ledger.leaves import LeafFault, read
from audit.models import Event, Leaf
from audit.names import thing_of
from encryption.errors import KeyDestroyed, KeyMissing, KeyringFault
from encryption.fingerprints import Plain, is_fingerprint_of, is_what_is_left_of, plain
from encryption.models import raw_values, sealed_digest
from encryption.unit_of_work import key_cache


def is_as_recorded(row: Any) -> bool:
    """Whether a traced row, as it was just read, is as its newest leaf says.

    Of a row whose case has no key any more it is held whose it is, when, and in which state. It
    asks for no more than its own leaf: ``verify_live`` holds all of them. Raises KeyMissing where
    the keystore has not the register's key.
    """
    body = _newest(row)
    if body is None or (body["version"], body["digest"]) != (row.version, sealed_digest(row)):
        return False
    try:
        columns = plain(type(row), raw_values(row))
    except ValidationError:  # nothing stands where something must
        return False
    return _says(body, columns, row.status)


def _says(body: dict[str, Any], columns: Plain, status: str) -> bool:
    case_id = UUID(body["case"]) if body["case"] else None
    with key_cache():
        try:
            return is_fingerprint_of(body["row"], columns, case_id)
        except (KeyDestroyed, KeyMissing):
            return body["after"] == status and is_what_is_left_of(body["row"], columns)
        except KeyringFault:
            return False


def _newest(row: Any) -> dict[str, Any] | None:
    whose = {"thing": thing_of(row), "thing_id": str(row.pk)}
    event = Event.objects.filter(**whose).order_by("version", "pk").last()
    leaf = event and Leaf.objects.filter(kind=Leaf.Kind.CHANGE, entry=event.pk).first()
    if not leaf:
        return None
    try:
        body = read(leaf.body)
    except LeafFault:
        return None
    says = whose | {"kind": leaf.kind, "entry": leaf.entry}
    return body if all(body[name] == value for name, value in says.items()) else None
