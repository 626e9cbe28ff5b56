"""People, agencies and who belongs where."""

from agencies.models.agency import (
    Agency,
    AgencyGroupObjectPermission,
    AgencyUserObjectPermission,
    Membership,
)
from agencies.models.partnership import Partnership
from agencies.models.user import User

__all__ = [
    "Agency",
    "AgencyGroupObjectPermission",
    "AgencyUserObjectPermission",
    "Membership",
    "Partnership",
    "User",
]
