"""Scrutiny of decisions not to share, by the partners that did not make them (ISA-5.4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from decisions.flow.models import Decision
from encryption.fields import SealedTextField
from workflow.traced import TracedModel


class Scrutiny(TracedModel):
    """One decision's scrutiny; it opens by itself and has its decision's id."""

    class Status(models.TextChoices):
        """What the partners have said."""

        OPEN = "open", _("Waiting for scrutiny")
        ACCEPTED = "accepted", _("Decision accepted")
        RECONSIDER = "reconsider", _("Agency asked to reconsider")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="scrutiny")
    reasons = SealedTextField(label="scrutiny.reasons", blank=True, default="")
    partner = models.ForeignKey(
        "agencies.Agency", models.PROTECT, null=True, editable=False, related_name="+"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("scrutiny")
        verbose_name_plural = _("scrutinies")
        ordering = ["opened_at"]
        indexes = [
            models.Index(fields=["status", "opened_at"], name="scrutiny_waiting"),
            models.Index(fields=["-closed_at", "id"], name="scrutiny_latest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="scrutiny_closed_by_a_partner_at_some_time",
                condition=models.Q(status="open", partner=None, closed_at=None)
                | ~models.Q(status="open")
                & models.Q(partner__isnull=False, closed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Scrutiny of {self.decision_id}"
