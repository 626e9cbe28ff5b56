"""People, agencies and who belongs where."""

from agencies.guidance.models import Acknowledgement, Guidance
from agencies.invitations.models import Invitation
from agencies.partnership.models import Partnership
from agencies.people.models import HeldRole, Membership, Reminder, User, Vetting
from agencies.register.models import (
    Agency,
    AgencyGroupObjectPermission,
    AgencyUserObjectPermission,
    Closure,
    Contact,
)
from agencies.second_person.models import Proposal

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
    "Partnership",
    "Proposal",
    "Reminder",
    "User",
    "Vetting",
]
