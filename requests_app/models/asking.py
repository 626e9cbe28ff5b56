"""What a request asks for and says about consent: needs, consent, files."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from encryption.fields import SealedDateField, SealedTextField
from requests_app.vocabulary import ConsentAnswer, ConsentHow, FileKind, NotSoughtReason
from workflow.traced import TracedModel


class Need(TracedModel):
    """One fact that is needed, and why (P-NECESSARY)."""

    class Status(models.TextChoices):
        """Whether it is still asked."""

        CURRENT = "current", _("Asked")
        REMOVED = "removed", _("No longer asked")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="needs"
    )
    fact = SealedTextField(label="need.fact")
    why = SealedTextField(label="need.why")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at"]

    def __str__(self) -> str:
        return f"Need of {self.case_id}"


class Consent(TracedModel):
    """What became of consent: who, for what, when, how; or why it was not sought (C-CONSENT)."""

    class Status(models.TextChoices):
        """A consent record has one state; what it says is in ``answer``."""

        RECORDED = "recorded", _("Recorded")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.OneToOneField(
        "requests_app.InformationRequest", models.PROTECT, related_name="consent"
    )
    answer = models.CharField(max_length=12, choices=ConsentAnswer)
    asked_of = SealedTextField(label="consent.asked_of", blank=True, default="")
    covers = SealedTextField(label="consent.covers", blank=True, default="")
    how = models.CharField(max_length=12, choices=ConsentHow, blank=True)
    on = SealedDateField(label="consent.on", null=True)
    why_not = models.CharField(max_length=16, choices=NotSoughtReason, blank=True)
    explanation = SealedTextField(label="consent.explanation", blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consent_not_sought_says_why",
                condition=~models.Q(answer="not_sought") | ~models.Q(why_not=""),
            )
        ]

    def __str__(self) -> str:
        return f"Consent of {self.case_id}"


class Attachment(TracedModel):
    """A file with the request; its content lies sealed beside the database (P-SECURE)."""

    class Status(models.TextChoices):
        """Whether the file is part of the request."""

        KEPT = "kept", _("Attached")
        REMOVED = "removed", _("Taken out")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="attachments"
    )
    name = SealedTextField(label="attachment.name")
    kind = models.CharField(max_length=5, choices=FileKind)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at"]

    def __str__(self) -> str:
        return f"File of {self.case_id}"
