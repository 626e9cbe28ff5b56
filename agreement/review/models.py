"""The yearly review of the edition in force, and the reminders before it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreement.editions.models import AgreementEdition
from workflow.traced import TracedModel


class YearlyReview(TracedModel):
    """One review of the edition in force, and what came of it (ISA-5.2)."""

    class Status(models.TextChoices):
        RECORDED = "recorded", _("Recorded")

    class Outcome(models.TextChoices):
        NO_CHANGE = "no_change", _("No change is needed")
        CHANGE = "change", _("The agreement has to change")

    status = models.CharField(
        max_length=20, choices=Status, default=Status.RECORDED, editable=False
    )
    edition = models.ForeignKey(AgreementEdition, models.PROTECT, related_name="reviews")
    due_on = models.DateField(editable=False)
    held_on = models.DateField(_("date of the review"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    notes = models.TextField(_("what was considered"))
    leads_to = models.ForeignKey(
        AgreementEdition, models.PROTECT, null=True, editable=False, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["-held_on"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "due_on"], name="review_one_a_due_date"),
        ]

    def __str__(self) -> str:
        return f"{self.edition}, {self.held_on}"


class ReviewReminder(models.Model):
    """A reminder that was promised: the row keeps it from being promised twice."""

    edition = models.ForeignKey(AgreementEdition, models.PROTECT, related_name="reminders")
    due_on = models.DateField()
    which = models.CharField(max_length=20)
    posted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "due_on", "which"], name="reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.edition}, {self.due_on}: {self.which}"
