"""How the installation itself brings agencies and people in, before anybody can be asked to."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies.grants import grant
from agencies.models import Agency, HeldRole, Membership, User, Vetting
from agencies.permissions import Role
from workflow.bootstrap import create_unattended

FIRST_CHECK_HOLDS = timedelta(days=365)


def found_agency(**values: Any) -> Agency:
    """An agency that takes part from the beginning."""
    agency: Agency = create_unattended(Agency, **{"status": Agency.Status.TAKING_PART, **values})
    return agency


def join(user: User, role: Role, agency: Agency) -> HeldRole:
    """An active member with this role and a check in date, who can begin to work at once."""
    role_held = grant(user, role, agency)
    record_first_check(role_held.membership)
    return role_held


def record_first_check(membership: Membership) -> None:
    """The check that the installation vouches for, unless one is recorded already."""
    if membership.checks.exists():
        return
    today = timezone.localdate()
    create_unattended(
        Vetting,
        membership=membership,
        kind=Vetting.Kind.EMPLOYER,
        made_on=today - timedelta(days=1),
        made_by="The partnership's office",
        expires=today + FIRST_CHECK_HOLDS,
    )
