"""Receipts of decisions, from the ledger."""

from typing import Any

from audit.ledger.proofs import NotSignedYet, receipt
from audit.selectors import changes_of
from decisions.models import Decision

RECORDED = "decision.record"


def receipt_of(decision: Decision) -> dict[str, Any] | None:
    """What its maker may keep for ever; None until the sequencer has signed it (ISA-3.3)."""
    event = changes_of(decision).filter(move=RECORDED).last()
    if event is None:
        return None
    try:
        return receipt(event.pk)
    except NotSignedYet:
        return None
