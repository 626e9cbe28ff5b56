"""Agency checks: what the front door asks of one agency that may hold information."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from encryption.fields import SealedTextField
from encryption.fingerprints import came_later
from requests_app.asking.models import drawn
from requests_app.choices import AgencyCheckOutcome, WithdrawnBecause
from workflow.traced import TracedModel


def new_reference() -> str:
    """A reference of its own: two agencies that compare notes cannot tell it is one case."""
    return drawn("C")


def _told(label: str) -> SealedTextField:
    """A text that a check can tell its agency; in each made since there was this it says something.

    So it reads as text, "" where nothing is told, and as None in those from before.
    """
    return came_later(SealedTextField(label=label, null=True))  # type: ignore[misc]


class AgencyCheck(TracedModel):
    """One holding agency's part of a request. An agency never learns who else was asked."""

    class Status(models.TextChoices):
        """Where the check stands."""

        SENT = "sent", _("Waiting to be taken")
        TAKEN = "taken", _("Being answered")
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    OPEN = (Status.SENT, Status.TAKEN)
    REMINDED_ONCE_IN = timedelta(hours=1)  # whoever presses

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="agency_checks"
    )
    holder = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    shown = models.JSONField(default=dict)
    # What the agency is told beside its questions.
    concern = _told("enquiry.concern")
    consent_position = _told("enquiry.consent_position")
    parents_position = _told("enquiry.parents_position")
    rating = models.CharField(max_length=5)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    outcome = models.CharField(
        max_length=10, choices=AgencyCheckOutcome, blank=True, editable=False
    )
    searched = SealedTextField(label="enquiry.searched", blank=True, default="")
    reconsider_reason = SealedTextField(label="enquiry.reconsider_reason", blank=True, default="")
    sent_at = models.DateTimeField(editable=False)
    due_at = models.DateTimeField(editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    # When its answer last went out. None in those released before there was this column.
    released_at = came_later(models.DateTimeField(null=True, editable=False))
    # That the front door asks no longer (docs/adr/0131). The words are for its own record.
    withdrawn_at = came_later(models.DateTimeField(null=True, editable=False))
    withdrawn_by = came_later(
        models.ForeignKey(
            settings.AUTH_USER_MODEL,
            models.PROTECT,
            null=True,
            editable=False,
            db_index=False,
            related_name="+",
        )
    )
    withdrawn_because = came_later(
        models.CharField(max_length=12, choices=WithdrawnBecause, null=True, editable=False)
    )
    withdrawn_note = _told("enquiry.withdrawn_note")

    class Meta:
        db_table = "requests_app_enquiry"  # as it was named first, in evidence too (audit.names)
        verbose_name = _("agency check")
        verbose_name_plural = _("agency checks")
        ordering = ["sent_at"]
        indexes = [
            models.Index(fields=["holder", "status", "due_at"], name="enquiry_inbox"),
            models.Index(fields=["-answered_at"], name="enquiry_answered_lately"),
            models.Index(
                fields=["due_at"],
                condition=models.Q(status__in=["sent", "taken"]),
                name="enquiry_open",
            ),
            models.Index(
                fields=["case"],
                condition=models.Q(released_at=None),
                name="enquiry_not_released",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="enquiry_answered_with_an_outcome_at_some_time",
                condition=models.Q(status="answered", answered_at__isnull=False)
                & ~models.Q(outcome="")
                | models.Q(status__in=["sent", "taken", "withdrawn"], answered_at=None, outcome=""),
            ),
            models.CheckConstraint(
                name="enquiry_withdrawn_by_somebody_for_a_reason",
                condition=models.Q(
                    status="withdrawn",
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                    withdrawn_because__isnull=False,
                )
                | ~models.Q(status="withdrawn")
                & models.Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because=None),
            ),
            models.CheckConstraint(
                name="enquiry_released_once_it_is_answered",
                condition=models.Q(released_at=None) | models.Q(status="answered"),
            ),
            models.CheckConstraint(
                name="enquiry_taken_by_somebody",
                condition=~models.Q(status="taken") | models.Q(taken_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_withdrawn(self) -> bool:
        """Whether the front door asks no longer."""
        return self.status == self.Status.WITHDRAWN

    @property
    def ended_because(self) -> str:
        """Why nothing can be done under it any more, for whoever was doing it; "" if it can."""
        if not self.is_withdrawn:
            return ""
        said = _("The front door has withdrawn agency check %s, so no answer is needed any more.")
        return said % self.reference


class Question(TracedModel):
    """One question put to the agency, and why it is asked (P-NECESSARY)."""

    class Status(models.TextChoices):
        """A question is put once and stands."""

        ASKED = "asked", _("Asked")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    agency_check = models.ForeignKey(
        AgencyCheck, models.PROTECT, related_name="questions", db_column="enquiry_id"
    )
    fact = SealedTextField(label="question.fact")
    why = SealedTextField(label="question.why")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"Question of {self.agency_check_id}"
