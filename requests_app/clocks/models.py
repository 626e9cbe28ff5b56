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


class TimeReminder(models.Model):
    """A reminder that was promised: the row keeps it from being promised twice (P-TIMELY).

    ``about`` is the request or agency check, or what was handed over at once at the end of a shift,
    which has no rating. Another rating, or a clock that stood still meanwhile,
    gives it another time, of which there are reminders again; a bank holiday that moves does not.
    """

    class Which(models.TextChoices):
        """Before the time, when it comes, and after."""

        BEFORE = "before", _("Soon due")
        AT = "at", _("Due")
        AFTER = "after", _("Late")

    about = models.UUIDField()
    which = models.CharField(max_length=6, choices=Which)
    rating = models.CharField(max_length=5)
    pauses = models.PositiveSmallIntegerField()
    promised_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "which", "rating", "pauses"], name="time_reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.which} {self.about}"
