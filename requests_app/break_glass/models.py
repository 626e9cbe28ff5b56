"""Openings: a case read by somebody without a part in it, for a reason, for an hour (ISA-7.2)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from encryption.fields import SealedTextField
from workflow.traced import TracedModel

LASTS = timedelta(minutes=60)


class Opening(TracedModel):
    """One person, as one agency, may read one case until some time, and said why.

    It ends by itself: ``until`` is compared with the time of day at each reading, so that no
    task has to run for it to be over. ``flags`` are codes of ``Flag`` and never a name.
    """

    class Status(models.TextChoices):
        """Whether it was ended before its time."""

        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class Reason(models.TextChoices):
        """Why a case is opened by somebody who has no part in it."""

        REVIEW = "review", _("Rapid review or safeguarding practice review")
        COMPLAINT = "complaint", _("Complaint or allegation about how it was handled")
        DATA_LOSS = "data_loss", _("Investigation of a loss of information")
        COURT_ORDER = "court_order", _("Court order")
        AUDIT = "audit", _("Quality audit")

    class Flag(models.TextChoices):
        """What makes an opening worth a look."""

        OWN_NAME = "own_name", _("Own surname")
        BURST = "burst", _("Many openings")
        OUT_OF_HOURS = "out_of_hours", _("Out of hours")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="openings"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason)
    in_words = SealedTextField(label="opening.in_words")
    flags = models.JSONField(default=list, blank=True, editable=False)
    opened_at = models.DateTimeField(editable=False)
    until = models.DateTimeField(editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("opening for another reason")
        verbose_name_plural = _("openings for another reason")
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["person", "agency", "status", "until"], name="opening_running"),
            models.Index(fields=["-opened_at", "-id"], name="opening_latest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="opening_ends_after_it_began",
                condition=models.Q(until__gt=models.F("opened_at")),
            ),
            models.CheckConstraint(
                name="opening_closed_at_some_time",
                condition=models.Q(status="open", closed_at=None)
                | models.Q(status="closed", closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Opening of {self.case_id}"

    @property
    def is_running(self) -> bool:
        """Whether the case can still be read by it."""
        return self.status == self.Status.OPEN and timezone.now() < self.until

    @property
    def ended_at(self) -> datetime | None:
        """When it was over; None while it runs."""
        return None if self.is_running else self.closed_at or self.until


class OpeningNote(TracedModel):
    """What an information governance lead found on looking at an opening; one for each agency."""

    class Status(models.TextChoices):
        """An opening that has a note has been looked at."""

        LOOKED_AT = "looked_at", _("Reviewed")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="notes")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    note = SealedTextField(label="opening_note.note")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("note on an opening")
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(fields=["opening", "agency"], name="opening_note_one_an_agency")
        ]

    def __str__(self) -> str:
        return f"Note on {self.opening_id}"
