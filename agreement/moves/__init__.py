"""Every change of state in this room, as tables."""

from agreement.moves.editions import EDITION, PARTNER_AGREEMENT, REVIEW
from agreement.moves.signing import PARTICIPATION, SIGNATURE, SUSPENSION

__all__ = [
    "EDITION",
    "PARTICIPATION",
    "PARTNER_AGREEMENT",
    "REVIEW",
    "SIGNATURE",
    "SUSPENSION",
]
