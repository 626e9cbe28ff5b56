"""The guidance on confidentiality and consent that people read before they open a case."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.traced import TracedModel


class Guidance(TracedModel):
    """One version of the guidance; at most one is in force (ISA-7.6)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("In force")
        SUPERSEDED = "superseded", _("Replaced by a later one")

    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("text"))
    in_force_from = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "guidance"
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                name="guidance_one_in_force",
                condition=models.Q(status="in_force"),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Acknowledgement(TracedModel):
    """A person has read the guidance and will keep to it: for all agencies they act for."""

    class Status(models.TextChoices):
        GIVEN = "given", _("Given")

    status = models.CharField(max_length=20, choices=Status, default=Status.GIVEN, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="acknowledgements"
    )
    guidance = models.ForeignKey(Guidance, models.PROTECT, related_name="acknowledgements")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "guidance"], name="acknowledgement_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.guidance}"
