"""Schedules, holds, lists and certificates of disposal, and what receivers say of their copies."""

from retention.disposal.models import Disposal, DisposalList
from retention.holds.models import Hold
from retention.purpose_served.models import PurposeServed
from retention.schedules.models import Schedule
from retention.statements.models import DisposalStatement, StatementReminder

__all__ = [
    "Disposal",
    "DisposalList",
    "DisposalStatement",
    "Hold",
    "PurposeServed",
    "Schedule",
    "StatementReminder",
]
