"""The resets of second factors that two people make."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.traced import TracedModel

LASTS = timedelta(hours=24)


class FactorReset(TracedModel):
    """Somebody has lost what they prove themselves with; two people let them begin again.

    One asks who knows that it is them, another approves within a day; neither is the person.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("Waiting for a second person")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Known(models.TextChoices):
        """How whoever asks made sure who it is."""

        MET = "met", _("I met them in person")
        CALLED = "called", _("I called them back on a number that I knew before")
        VIDEO = "video", _("I saw them in a video call and know them")

    status = models.CharField(max_length=20, choices=Status, default=Status.ASKED, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="factor_resets"
    )
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    known = models.CharField(_("how you know that it is them"), max_length=10, choices=Known)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reset of second factors")
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["agency", "status", "-asked_at"], name="reset_open")]

    def __str__(self) -> str:
        return f"reset {self.pk}"

    @property
    def has_lapsed(self) -> bool:
        """Whether nobody approved it in time."""
        return self.status == self.Status.ASKED and self.lapses_at <= timezone.now()

    @property
    def lapses_at(self) -> datetime:
        """From when on it can no longer be approved."""
        return self.asked_at + LASTS
