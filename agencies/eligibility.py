"""Whether a person may open cases for an agency now, and if not, what is missing."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import (
    Acknowledgement,
    Guidance,
    Membership,
    Vetting,
)
from agencies.permissions import ABOUT_CASES

Status = Membership.Status


class Missing(models.TextChoices):
    """What stands between a person and the cases of an agency (ISA-7.1, ISA-7.6)."""

    MEMBERSHIP = "membership", _("You do not belong to this agency.")
    ACCEPTED = "accepted", _("You have not accepted the invitation yet.")
    SUSPENDED = "suspended", _("Your access for this agency is suspended.")
    CHECK = "check", _("No staff check that is in date is recorded for you.")
    GUIDANCE = "guidance", _("You have not acknowledged the guidance in force.")
    REVIEW = "review", _("Your access was not confirmed at the last access review.")


@dataclass(frozen=True)
class Standing:
    """How a person stands at an agency: the state, and what is missing, worst first."""

    status: str
    missing: tuple[Missing, ...]

    @property
    def opens_cases(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    def allows(self, permission: str) -> bool:
        """Whether a permission that a role carries may be used as things stand now."""
        if self.status != Status.ACTIVE:
            return False
        return self.opens_cases or permission not in ABOUT_CASES


NOBODY = Standing("", (Missing.MEMBERSHIP,))
BY_STATE = {
    Status.INVITED: Missing.ACCEPTED,
    Status.SUSPENDED: Missing.SUSPENDED,
    Status.LEFT: Missing.MEMBERSHIP,
}


def with_standing(
    memberships: models.QuerySet[Membership], *, today: date | None = None
) -> models.QuerySet[Membership]:
    """Each membership with what ``standing_of`` reads, in one query."""
    today = today or timezone.localdate()
    checks = Vetting.objects.filter(
        membership=OuterRef("pk"),
        status=Vetting.Status.RECORDED,
        made_on__lte=today,
        expires__gte=today,
    )
    in_force = Guidance.objects.filter(status=Guidance.Status.IN_FORCE)
    read = Acknowledgement.objects.filter(
        user=OuterRef("user"), guidance__status=Guidance.Status.IN_FORCE
    )
    return memberships.annotate(
        check_in_date=Exists(checks), guidance_read=Exists(read) | ~Exists(in_force)
    )


def standing_of(membership: Membership) -> Standing:
    """How the person of a row of ``with_standing`` stands."""
    if blocked := BY_STATE.get(Status(membership.status)):
        return Standing(membership.status, (blocked,))
    missing = []
    if not membership.check_in_date:  # type: ignore[attr-defined]  # annotated above
        missing.append(Missing.CHECK)
    if not membership.guidance_read:  # type: ignore[attr-defined]  # annotated above
        missing.append(Missing.GUIDANCE)
    until = membership.confirmed_until
    if until is not None and until < timezone.localdate():
        missing.append(Missing.REVIEW)
    return Standing(membership.status, tuple(missing))
