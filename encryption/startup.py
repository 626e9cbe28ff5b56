"""Proves the keys before anybody is served: no key, a wrong or a damaged one stops the start."""

from django.db import Error, ProgrammingError, connections

from encryption.casekeys import unwrap_row
from encryption.disposals import check_disposals
from encryption.errors import KeyringFault
from encryption.keystore import CaseKey, live_keys
from encryption.provider import key_provider, needs_ring
from encryption.router import KEYSTORE


def check_keys() -> None:
    """Read the ring and unwrap one case key for each ring key that the keystore relies on.

    Raises KeyringFault, RegisterFault and DisposalsNotReplayed, which say what to do. A keystore
    whose table is not made yet is fine, and so is a process that gets no ring.
    """
    if not needs_ring():
        return
    key_provider().token_key()
    try:
        if not _is_made():
            return
        for row in _one_for_each_ring_key():
            unwrap_row(row)
        check_disposals()
    except ProgrammingError:
        raise KeyringFault(
            "The role in KEYSTORE_DATABASE_URL may not read case keys. Web processes go there as "
            "portal_app; a worker needs no keystore, and is started with PORTAL_KEYS=none."
        ) from None
    except Error:
        raise KeyringFault(
            "The keystore database does not answer, so no record can be opened. "
            "Check that it runs and that its address and password are right."
        ) from None


def _is_made() -> bool:
    return CaseKey._meta.db_table in connections[KEYSTORE].introspection.table_names()


def _one_for_each_ring_key() -> list[CaseKey]:
    live = live_keys()
    names = live.order_by().values_list("ring_key_id", flat=True).distinct()
    return [live.filter(ring_key_id=name).order_by("pk")[0] for name in names]
