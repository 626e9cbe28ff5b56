"""When a clock stood still."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from requests_app.choices import PauseReason
from workflow.traced import TracedModel


class Pause(TracedModel):
    """A stretch in which a clock stood still, and why."""

    class Status(models.TextChoices):
        """Whether the clock still stands."""

        RUNNING = "running", _("Clock stopped")
        ENDED = "ended", _("Clock running again")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="pauses"
    )
    agency_check = models.ForeignKey(
        "requests_app.AgencyCheck",
        models.PROTECT,
        null=True,
        related_name="pauses",
        db_column="enquiry_id",
    )
    reason = models.CharField(max_length=10, choices=PauseReason)
    began_at = models.DateTimeField(editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["began_at"]
        constraints = [
            models.CheckConstraint(
                name="pause_ends_after_it_began",
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("began_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.case_id}"
