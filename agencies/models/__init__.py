"""People, agencies and who belongs where."""

from agencies.models.agency import (
    Agency,
    AgencyGroupObjectPermission,
    AgencyUserObjectPermission,
    Closure,
    Contact,
)
from agencies.models.guidance import Acknowledgement, Guidance
from agencies.models.invitation import Invitation, Reminder
from agencies.models.membership import HeldRole, Membership, OrganisationalCheck
from agencies.models.partnership import Partnership
from agencies.models.proposal import Proposal
from agencies.models.user import User

__all__ = [
    "Acknowledgement",
    "Agency",
    "AgencyGroupObjectPermission",
    "AgencyUserObjectPermission",
    "Closure",
    "Contact",
    "Guidance",
    "HeldRole",
    "Invitation",
    "Membership",
    "OrganisationalCheck",
    "Partnership",
    "Proposal",
    "Reminder",
    "User",
]
