"""Every change of state in this app, as tables."""

from agreement.editions.transitions import EDITION, PARTNER_AGREEMENT, REVIEW
from agreement.signing.transitions import PARTICIPATION, SIGNATURE, SUSPENSION

__all__ = [
    "EDITION",
    "PARTICIPATION",
    "PARTNER_AGREEMENT",
    "REVIEW",
    "SIGNATURE",
    "SUSPENSION",
]
