"""Advice sought when somebody is unsure (F-ADVICE)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from decisions.flow.models import Decision
from encryption.fields import SealedTextField
from workflow.traced import TracedModel


class AdviceRequest(TracedModel):
    """A question to the agency's adviser, who sees the question and nobody's identity."""

    class Status(models.TextChoices):
        """Whether the advice has come."""

        ASKED = "asked", _("Waiting for advice")
        GIVEN = "given", _("Advice given")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="advice")
    step = models.CharField(max_length=40)
    question = SealedTextField(label="advice.question")
    outcome = SealedTextField(label="advice.outcome", blank=True, default="")
    asked_at = models.DateTimeField(auto_now_add=True)
    given_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("request for advice")
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"Advice on {self.decision_id}"
