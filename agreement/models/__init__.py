"""The agreement: editions, who agreed them, who signed, and who takes no part."""

from agreement.models.edition import AgreementEdition, PartnerAgreement
from agreement.models.review import ReviewReminder, YearlyReview
from agreement.models.signature import Signature, Suspension

__all__ = [
    "AgreementEdition",
    "PartnerAgreement",
    "ReviewReminder",
    "Signature",
    "Suspension",
    "YearlyReview",
]
