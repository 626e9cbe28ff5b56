"""Which agency signed which edition, and which was suspended."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreement.editions.models import AgreementEdition
from workflow.traced import TracedModel


class Signature(TracedModel):
    """An agency signed an edition, with its privacy impact assessment (ISA-2.1, ISA-7.4).

    ``privacy_notice`` is the address that stood on the register on that day.
    """

    class Status(models.TextChoices):
        SIGNED = "signed", _("Signed")

    status = models.CharField(max_length=20, choices=Status, default=Status.SIGNED, editable=False)
    edition = models.ForeignKey(AgreementEdition, models.PROTECT, related_name="signatures")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="signatures")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    signed_on = models.DateField(editable=False)
    assessed_on = models.DateField(_("date of the assessment"))
    assessed_by = models.CharField(_("who made the assessment"), max_length=150)
    controls = models.TextField(_("controls"))
    privacy_notice = models.URLField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["-signed_on"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "agency"], name="signature_one_an_agency"),
            models.CheckConstraint(
                name="signature_after_the_assessment",
                condition=models.Q(assessed_on__lte=models.F("signed_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}, {self.edition}"


class Suspension(TracedModel):
    """Why an agency takes no part for a time, and who said so."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        LIFTED = "lifted", _("Lifted")

    status = models.CharField(max_length=20, choices=Status, default=Status.RUNNING, editable=False)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="suspensions")
    reason = models.TextField(_("reason"))
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    begun_at = models.DateTimeField(editable=False)
    lifted_because = models.TextField(blank=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                name="suspension_one_at_a_time",
                condition=models.Q(status="running"),
            ),
            models.CheckConstraint(
                name="suspension_lifted_by_someone_at_some_time",
                condition=models.Q(status="running", lifted_by=None, lifted_at=None)
                | models.Q(status="lifted", lifted_by__isnull=False, lifted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_status_display()}"
