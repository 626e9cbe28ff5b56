"""The first guidance, which everybody invented has read, but for one who has just come."""

from collections.abc import Iterable
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

import agencies
from agencies.grants import grant
from agencies.models import Acknowledgement, Agency, Guidance, Membership, User
from agencies.permissions import Role
from workflow.bootstrap import create_unattended

TEXT = Path(agencies.__file__).parent / "texts" / "guidance-1.txt"


def found_guidance(readers: Iterable[User]) -> Guidance:
    """In force from the beginning, and acknowledged by ``readers``."""
    guidance: Guidance = create_unattended(
        Guidance,
        title=_("Confidentiality and consent"),
        text=TEXT.read_text(),
        status=Guidance.Status.IN_FORCE,
        in_force_from=timezone.localdate(),
    )
    for user in readers:
        create_unattended(Acknowledgement, user=user, guidance=guidance)
    return guidance


def just_accepted(user: User, role: Role, agency: Agency) -> Membership:
    """Somebody who has come in, and for whom no check is recorded yet."""
    accepted = Membership.Status.ACCEPTED
    membership: Membership = create_unattended(
        Membership, user=user, agency=agency, status=accepted
    )
    grant(user, role, agency)
    return membership
