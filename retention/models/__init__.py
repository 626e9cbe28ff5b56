"""Schedules, holds, lists and certificates of disposal, and what receivers say of their copies."""

from retention.models.disposal import Disposal, DisposalList
from retention.models.hold import Hold
from retention.models.purpose import PurposeServed
from retention.models.schedule import Schedule
from retention.models.statement import DisposalStatement, StatementReminder

__all__ = [
    "Disposal",
    "DisposalList",
    "DisposalStatement",
    "Hold",
    "PurposeServed",
    "Schedule",
    "StatementReminder",
]
