"""Pieces of information, and whether the front door took them in."""

from datetime import timedelta

from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from encryption.fields import SealedDateField, SealedTextField
from requests_app.agency_checks.models import AgencyCheck, Question
from requests_app.choices import Nature
from workflow.traced import TracedModel

OLD = timedelta(days=730)  # from when on an item must say why it still matters


class Item(TracedModel):
    """One piece of information that an agency holds.

    It is listed by title first. Its content is typed only once it is to be shared; what is
    withheld never is, and has reasons instead (ISA-5.4). Once offered or withheld the row is
    frozen by the database.
    """

    class Status(models.TextChoices):
        """What has become of it."""

        HELD = "held", _("To be decided")
        OFFERED = "offered", _("Shared with the front door")
        WITHHELD = "withheld", _("Not shared")
        DROPPED = "dropped", _("Removed from the list")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    agency_check = models.ForeignKey(
        AgencyCheck, models.PROTECT, related_name="items", db_column="enquiry_id"
    )
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="items")
    title = SealedTextField(label="item.title")
    beyond_reason = SealedTextField(label="item.beyond_reason", blank=True, default="")
    is_special_category = models.BooleanField(default=False)
    nature = models.CharField(max_length=10, choices=Nature, blank=True)
    content = SealedTextField(label="item.content", blank=True, default="")
    whose = SealedTextField(label="item.whose", blank=True, default="")
    source = SealedTextField(label="item.source", blank=True, default="")
    as_at = SealedDateField(label="item.as_at", null=True)
    still_matters = SealedTextField(label="item.still_matters", blank=True, default="")
    withheld_because = SealedTextField(label="item.withheld_because", blank=True, default="")
    safety_considered = SealedTextField(label="item.safety_considered", blank=True, default="")
    decides_anew = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="decided_anew"
    )
    listed_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("piece of information")
        verbose_name_plural = _("pieces of information")
        ordering = ["listed_at"]
        constraints = [
            models.CheckConstraint(
                name="item_offered_says_what_kind_it_is",
                condition=~models.Q(status="offered") | ~models.Q(nature=""),
            )
        ]

    def __str__(self) -> str:
        return f"Item of {self.agency_check_id}"

    @property
    def needs_a_note(self) -> bool:
        """Whether it must say why it still matters: it is historical, or older than two years."""
        old = self.as_at is not None and self.as_at < localdate() - OLD
        return old or self.nature == Nature.HISTORICAL

    @property
    def is_filled(self) -> bool:
        """Whether all is there that an item must say before it can be shared (P-ACCURATE)."""
        told = self.nature and self.content and self.source and self.as_at
        whose = self.whose or self.nature not in (Nature.OPINION, Nature.REPORTED)
        return bool(told and whose and (self.still_matters or not self.needs_a_note))


class Receipt(TracedModel):
    """Whether the front door accepts an item or refuses it, and why (ISA-3.7).

    It has its item's id: there can be one only, whoever is first.
    """

    class Status(models.TextChoices):
        """The verdict."""

        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    item = models.OneToOneField(Item, models.PROTECT, related_name="receipt")
    reason = SealedTextField(label="receipt.reason", blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Receipt of {self.item_id}"
