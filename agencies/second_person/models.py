"""What one person alone cannot do, because somebody could come to read cases by it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Role
from workflow.traced import TracedModel


class Proposal(TracedModel):
    """A role or an e-mail domain that counts for nothing until a second person confirms it.

    Neither is the person who gets the role (docs/adr/0093, ISA-4.3-SECURITY). Nobody proposed what
    the installation itself did.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for a second person")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    status = models.CharField(
        max_length=20, choices=Status, default=Status.PROPOSED, editable=False
    )
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="proposals")
    membership = models.ForeignKey(
        "agencies.Membership", models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, blank=True)
    domain = models.CharField(_("e-mail domain"), max_length=253, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-proposed_at"]
        indexes = [
            models.Index(fields=["agency", "status", "-proposed_at"], name="proposal_waiting")
        ]
        constraints = [
            models.CheckConstraint(
                name="proposal_is_of_a_role_or_a_domain",
                condition=(models.Q(membership__isnull=False, domain="") & ~models.Q(role=""))
                | (models.Q(membership=None, role="") & ~models.Q(domain="")),
            ),
            models.UniqueConstraint(
                fields=["membership", "role"],
                name="proposal_one_waits_for_a_role",
                condition=models.Q(status="proposed", domain=""),
            ),
            models.UniqueConstraint(
                fields=["agency", "domain"],
                name="proposal_one_waits_for_a_domain",
                condition=models.Q(status="proposed", membership=None),
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"
