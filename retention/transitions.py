"""Every change of state in this app, as tables: gathered here from its features."""

from retention.disposal.transitions import DISPOSAL, LIST
from retention.holds.transitions import HOLD
from retention.purpose_served.transitions import PURPOSE
from retention.schedules.transitions import SCHEDULE
from retention.statements.transitions import STATEMENT

__all__ = [
    "DISPOSAL",
    "HOLD",
    "LIST",
    "PURPOSE",
    "SCHEDULE",
    "STATEMENT",
]
