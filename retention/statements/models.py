"""What a receiving agency says of its own copy (ISA-8.1)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from retention.choices import KeptBecause
from workflow.traced import TracedModel


class DisposalStatement(TracedModel):
    """Asked of each agency that received something, once the portal's copy is destroyed."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Not yet answered")
        DISPOSED = "disposed", _("Disposed of")
        KEPT = "kept", _("Kept, with a reason")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12, editable=False)
    asked_at = models.DateTimeField(editable=False)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    said_at = models.DateTimeField(null=True, editable=False)
    kept_because = models.CharField(max_length=12, choices=KeptBecause, blank=True, default="")
    kept_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("statement of disposal")
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["case", "agency"], name="statement_one_an_agency"),
            models.CheckConstraint(
                name="statement_kept_says_why_and_until_when",
                condition=~models.Q(status="kept")
                | (models.Q(kept_until__isnull=False) & ~models.Q(kept_because="")),
            ),
            models.CheckConstraint(
                name="statement_answered_by_somebody",
                condition=models.Q(status="asked", said_by=None, said_at=None)
                | models.Q(
                    status__in=["disposed", "kept"], said_by__isnull=False, said_at__isnull=False
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Statement of disposal for {self.reference}"


class StatementReminder(models.Model):
    """That an agency was reminded of a statement, so that it is once for each time (ISA-8.1)."""

    statement = models.ForeignKey(DisposalStatement, models.PROTECT, related_name="reminders")
    which = models.PositiveSmallIntegerField()  # days after it was asked
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "which"], name="statement_reminder_once_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.which} days after {self.statement_id} was asked"
