"""What the requester gets: a package for named people, and nobody else (P-RELEVANT)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from encryption.fields import SealedTextField
from encryption.fingerprints import came_later
from requests_app.agency_checks.models import AgencyCheck
from requests_app.items.models import Item
from workflow.traced import TracedModel


def _agency() -> models.ForeignKey[Any, Any]:
    """An agency of which the index is the one below, with both."""
    return models.ForeignKey(
        "agencies.Agency",
        models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
    )


class Release(TracedModel):
    """One package; later parts are packages of their own. It states its purpose."""

    class Status(models.TextChoices):
        """A package that exists has been released."""

        RELEASED = "released", _("Released")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="releases"
    )
    note = SealedTextField(label="release.note", blank=True, default="")
    items = models.ManyToManyField(Item, through="ReleasedItem", related_name="releases")
    answers = models.ManyToManyField(AgencyCheck, through="ReleasedAnswer", related_name="releases")
    released_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["released_at"]

    def __str__(self) -> str:
        return f"Release of {self.case_id}"


class ReleasedItem(TracedModel):
    """An item in a package."""

    class Status(models.TextChoices):
        """What is in a package stays in it."""

        RELEASED = "released", _("Released")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    # Whose information went to which agency: found here without a look at every decision. None
    # in those released before there were these columns.
    originator = came_later(_agency())
    received_by = came_later(_agency())
    # The needs of the request that it answers, by id. None in those released before there was
    # this column, of which nobody can say that they answer none.
    needs_answered = came_later(models.JSONField(null=True, editable=False))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "item"], name="released_item_once"),
            models.CheckConstraint(
                name="released_item_between_two_agencies_or_from_before",
                condition=models.Q(originator=None, received_by=None)
                | models.Q(originator__isnull=False, received_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["originator", "received_by"], name="released_item_between")]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.release_id}"


class ReleasedAnswer(TracedModel):
    """An agency's answer that a package tells of: what it shared, and what it did not and why."""

    class Status(models.TextChoices):
        """What is in a package stays in it."""

        RELEASED = "released", _("Released")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    agency_check = models.ForeignKey(
        AgencyCheck, models.PROTECT, related_name="+", db_column="enquiry_id"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "agency_check"], name="released_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency_check_id} in {self.release_id}"


class Recipient(TracedModel):
    """One named person who may open a package, and whether they have said they did."""

    class Status(models.TextChoices):
        """Whether receipt is acknowledged."""

        TOLD = "told", _("Not yet acknowledged")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")

    status = models.CharField(max_length=12, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    release = models.ForeignKey(Release, models.PROTECT, related_name="recipients")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "person"], name="recipient_named_once"),
            models.CheckConstraint(
                name="recipient_acknowledged_at_some_time",
                condition=models.Q(status="told", acknowledged_at=None)
                | models.Q(status="acknowledged", acknowledged_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Recipient of {self.release_id}"
