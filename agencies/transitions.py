"""Every change of state in this app, as tables: gathered here from its features."""

from agencies.guidance.transitions import ACKNOWLEDGEMENT, GUIDANCE
from agencies.invitations.transitions import INVITATION, OWN_INVITATION
from agencies.people.transitions import MEMBERSHIP, OWN_MEMBERSHIP
from agencies.register.transitions import (
    AGENCY,
    BROUGHT_CHECK,
    BROUGHT_MEMBERSHIP,
    CLOSURE,
    CONTACT,
)
from agencies.second_person.transitions import DOMAINS, PROPOSAL
from agencies.vetting.transitions import CHECK

__all__ = [
    "ACKNOWLEDGEMENT",
    "AGENCY",
    "BROUGHT_CHECK",
    "BROUGHT_MEMBERSHIP",
    "CHECK",
    "CLOSURE",
    "CONTACT",
    "DOMAINS",
    "GUIDANCE",
    "INVITATION",
    "MEMBERSHIP",
    "OWN_INVITATION",
    "OWN_MEMBERSHIP",
    "PROPOSAL",
]
