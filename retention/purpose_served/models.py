"""The requester's word that the purpose of a request is served (ISA-8.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.traced import TracedModel


class PurposeServed(TracedModel):
    """Said once for a request, and taken back where it turns out otherwise."""

    class Status(models.TextChoices):
        SAID = "said", _("The purpose is served")
        TAKEN_BACK = "taken_back", _("Taken back")

    status = models.CharField(max_length=12, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    said_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("purpose served")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(status="said"),
                name="purpose_served_once",
            )
        ]

    def __str__(self) -> str:
        return f"Purpose of {self.case_id}"
