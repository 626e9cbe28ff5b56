"""How long an agency keeps a class of record (ISA-8.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from retention.choices import RecordClass, Start
from workflow.traced import TracedModel


class Schedule(TracedModel):
    """One line of an agency's retention schedule.

    ``months`` are counted from ``starts``; without ``months`` the record is kept without an end,
    which needs a reason and a date of review.
    """

    class Status(models.TextChoices):
        CURRENT = "current", _("Current")
        ENDED = "ended", _("Ended")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    record_class = models.CharField(max_length=10, choices=RecordClass)
    starts = models.CharField(max_length=15, choices=Start)
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")
    review_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("retention schedule")
        ordering = ["agency__name", "record_class"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "record_class"],
                condition=models.Q(status="current"),
                name="schedule_one_for_an_agency_and_class",
            ),
            models.CheckConstraint(
                name="schedule_without_end_says_why_and_is_reviewed",
                condition=models.Q(months__isnull=False)
                | (models.Q(review_on__isnull=False) & ~models.Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_record_class_display()}"
