"""Who belongs to which agency, in which roles, and whether the checks behind it are in date."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models.agency import Agency
from agencies.permissions import Role
from workflow.stamped import LedgeredHistory
from workflow.traced import TracedModel


class Membership(TracedModel):
    """One person at one agency; what they may do there follows from its state and its roles.

    ``confirmed_until`` is the last day of the access that was confirmed at the last access
    review; after it no case opens until it is confirmed again.
    """

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Has accepted, checks not yet recorded")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        LEFT = "left", _("Has left")

    status = models.CharField(
        max_length=20, choices=Status, default=Status.INVITED, editable=False, db_index=True
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    since = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_until = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "agency"], name="membership_one_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.agency}"


class HeldRole(models.Model):
    """One role of one membership; the guardian grants follow from it."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20, choices=Role)

    history = LedgeredHistory()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "role"], name="held_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.membership}"


class OrganisationalCheck(TracedModel):
    """A check that the agency made on a person, such as disclosure and barring (ISA-7.1).

    Nothing of what a check found is kept here: only that it was made, by whom, and until when
    it holds.
    """

    class Kind(models.TextChoices):
        DBS_ENHANCED = "dbs_enhanced", _("Enhanced disclosure and barring check")
        DBS_STANDARD = "dbs_standard", _("Standard disclosure and barring check")
        POLICE_VETTING = "police_vetting", _("Police vetting")
        BASELINE = "baseline", _("Baseline personnel security standard")
        EMPLOYER = "employer", _("Safer recruitment checks of the employer")

    class Status(models.TextChoices):
        RECORDED = "recorded", _("Recorded")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    status = models.CharField(
        max_length=20, choices=Status, default=Status.RECORDED, editable=False
    )
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="checks")
    kind = models.CharField(_("kind of check"), max_length=20, choices=Kind)
    made_on = models.DateField(_("date of the check"))
    made_by = models.CharField(_("who made the check"), max_length=150)
    expires = models.DateField(_("holds until"))

    class Meta:
        ordering = ["-expires"]
        indexes = [models.Index(fields=["membership", "status", "-expires"], name="check_in_date")]
        constraints = [
            models.CheckConstraint(
                name="check_expires_after_it_was_made",
                condition=models.Q(expires__gt=models.F("made_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.membership}"
