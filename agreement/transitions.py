"""Every change of state in this app, as tables: gathered here from its features."""

from agreement.editions.transitions import EDITION, PARTNER_AGREEMENT
from agreement.review.transitions import REVIEW
from agreement.signing.transitions import PARTICIPATION, SIGNATURE, SUSPENSION

__all__ = ["EDITION", "PARTICIPATION", "PARTNER_AGREEMENT", "REVIEW", "SIGNATURE", "SUSPENSION"]
