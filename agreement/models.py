"""The agreement: editions, who agreed them, who signed, and who takes no part."""

from agreement.editions.models import AgreementEdition, PartnerAgreement
from agreement.review.models import ReviewReminder, YearlyReview
from agreement.signing.models import Signature, Suspension

__all__ = [
    "AgreementEdition",
    "PartnerAgreement",
    "ReviewReminder",
    "Signature",
    "Suspension",
    "YearlyReview",
]
