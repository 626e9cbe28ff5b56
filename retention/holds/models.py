"""A hold: this record is kept whatever its schedule says (domain rule 10)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from encryption.fields import SealedTextField
from retention.choices import HoldReason
from workflow.traced import TracedModel


class Hold(TracedModel):
    """One agency's hold on one record, with its reason, its owner and a date to look at it again.

    The date ends nothing by itself: only its agency lifts a hold, or once that has left the
    register, the front door of the case.
    """

    class Status(models.TextChoices):
        ON = "on", _("On hold")
        LIFTED = "lifted", _("Lifted")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="holds"
    )
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=HoldReason)
    in_words = SealedTextField(label="hold.in_words")
    review_on = models.DateField()
    placed_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("hold")
        ordering = ["placed_at"]
        constraints = [
            models.CheckConstraint(
                name="hold_lifted_at_some_time",
                condition=models.Q(status="on", lifted_at=None)
                | models.Q(status="lifted", lifted_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Hold on {self.case_id}"
