"""Lists of records to be disposed of, and what became of each (ISA-8.1)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from requests_app.asking.models import drawn
from retention.choices import Start
from workflow.traced import TracedModel


def new_reference() -> str:
    """A reference for a list, such as D-7KQ4-M2XV."""
    return drawn("D")


class DisposalList(TracedModel):
    """Records that one person of the front door listed and another approves (domain rule 10).

    Nothing on it is destroyed before ``not_before``, and until then it can be cancelled.
    """

    class Status(models.TextChoices):
        LISTED = "listed", _("Waiting for a second person")
        REFUSED = "refused", _("Refused by the second person")
        APPROVED = "approved", _("Approved, waiting")
        CANCELLED = "cancelled", _("Cancelled")
        DONE = "done", _("Carried out")

    OPEN = (Status.LISTED, Status.REFUSED, Status.APPROVED)

    status = models.CharField(max_length=10, choices=Status, editable=False)
    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    desk = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    listed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    listed_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    not_before = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("disposal list")
        ordering = ["-listed_at"]
        constraints = [
            models.CheckConstraint(
                name="disposal_list_approved_by_another",
                condition=models.Q(status__in=["listed", "refused", "cancelled"])
                | (
                    models.Q(approved_by__isnull=False, not_before__isnull=False)
                    & ~models.Q(approved_by=models.F("listed_by"))
                ),
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Disposal(TracedModel):
    """One record on a list; once it is destroyed, the certificate of that.

    It holds no more than the reference, dates, codes and counts: it outlives the record.
    ``key_gone_on`` is the day from which no backup of the keystore holds the key any more.
    """

    class Status(models.TextChoices):
        LISTED = "listed", _("Listed")
        KEPT = "kept", _("Removed from the list")
        DESTROYING = "destroying", _("Being destroyed")
        DESTROYED = "destroyed", _("Destroyed")

    GONE = (Status.DESTROYING, Status.DESTROYED)

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    list = models.ForeignKey(DisposalList, models.PROTECT, related_name="lines")
    reference = models.CharField(max_length=12, editable=False)
    due_on = models.DateField(editable=False)
    because = models.CharField(max_length=15, choices=Start, editable=False)
    destroyed_at = models.DateTimeField(null=True, editable=False)
    tokens = models.PositiveIntegerField(default=0, editable=False)
    files = models.PositiveIntegerField(default=0, editable=False)
    key_gone_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("disposal")
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=~models.Q(status="kept"),
                name="disposal_one_of_a_record",
            ),
            models.CheckConstraint(
                name="disposal_destroyed_at_some_time",
                condition=models.Q(
                    status="destroyed", destroyed_at__isnull=False, key_gone_on__isnull=False
                )
                | (~models.Q(status="destroyed") & models.Q(destroyed_at=None, key_gone_on=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"Disposal of {self.reference}"
