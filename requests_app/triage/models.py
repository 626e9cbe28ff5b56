"""What the front door finds and asks before it accepts a request (ISA-3.8)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from encryption.fields import SealedTextField
from requests_app.choices import Check, CheckAnswer
from workflow.traced import TracedModel


class TriageCheck(TracedModel):
    """The answer to one of the checks."""

    class Status(models.TextChoices):
        """A check that has a row has been answered."""

        ANSWERED = "answered", _("Answered")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="checks"
    )
    check_code = models.CharField(max_length=12, choices=Check)
    answer = models.CharField(max_length=3, choices=CheckAnswer)
    note = SealedTextField(label="check.note", blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "check_code"], name="check_one_row_each")
        ]

    def __str__(self) -> str:
        return f"{self.check_code} of {self.case_id}"


class InboxPlace(models.Model):
    """Where a request stands in the front door's inbox, in the order of the list.

    The database keeps it by triggers, and no page writes it (docs/adr/0117).
    """

    case = models.OneToOneField(
        "requests_app.InformationRequest",
        models.CASCADE,
        primary_key=True,
        related_name="inbox_place",
    )
    desk = models.ForeignKey("agencies.Agency", models.PROTECT, db_index=False, related_name="+")
    place = models.PositiveSmallIntegerField()
    urgency = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    asked = models.PositiveSmallIntegerField()  # agency checks, and those that are answered
    answered = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    # Who asks, and for which purposes: the codes as the request has them, as text.
    agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    purposes = models.TextField(default="")
    # From when on it is late; never while its clock stands still since before it was due.
    late_from = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["desk", "place", "urgency", "due_at", "sent_at", "case"],
                name="inbox_in_its_order",
            ),
            # Of what is to be done, and of what is open, whatever its step.
            models.Index(
                fields=["desk", "urgency", "due_at", "sent_at", "case"],
                condition=models.Q(place__lt=4),
                name="inbox_to_do",
            ),
            models.Index(
                fields=["desk", "owner", "urgency", "due_at", "sent_at", "case"],
                condition=models.Q(place__lt=6),
                name="inbox_of_owner",
            ),
            models.Index(
                fields=["desk", "due_at", "sent_at", "case"],
                condition=models.Q(place__lt=6),
                name="inbox_by_due_time",
            ),
            models.Index(
                fields=["desk", "sent_at", "case"],
                condition=models.Q(place__lt=6),
                name="inbox_by_when_it_came",
            ),
            models.Index(
                fields=["desk", "agency", "urgency", "due_at", "sent_at", "case"],
                condition=models.Q(place__lt=6),
                name="inbox_of_agency",
            ),
            models.Index(
                fields=["desk", "late_from", "case"],
                condition=models.Q(place__lt=6),
                name="inbox_late",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} of {self.case_id}"


class DeskChoice(models.Model):
    """What one person chose last to see of one front door's desk (docs/adr/0123).

    The query of an address: codes and the id of an agency, and nothing of a case.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    desk = models.ForeignKey("agencies.Agency", models.PROTECT, db_index=False, related_name="+")
    query = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "desk"], name="desk_choice_one_each")
        ]

    def __str__(self) -> str:
        return f"Choice of {self.person_id}"


class ShiftNote(TracedModel):
    """What somebody hands over of one request at the end of a shift (docs/adr/0132).

    ``batch`` is the same in all that was handed over at once. ``to`` is None for whoever comes
    next, ``had`` who had the request when it was written, None for nobody.
    """

    class Status(models.TextChoices):
        """Whether somebody has taken it over, or it was taken back."""

        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("Acknowledged")
        REPLACED = "replaced", _("Handed over again")
        WITHDRAWN = "withdrawn", _("Taken back")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="shift_notes"
    )
    desk = models.ForeignKey("agencies.Agency", models.PROTECT, db_index=False, related_name="+")
    batch = models.UUIDField(db_index=True)
    note = SealedTextField(label="shift.note")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    had = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, db_index=False, related_name="+"
    )
    written_at = models.DateTimeField(editable=False)
    # When the hub opens next: whoever answers for it is told of what waits by then.
    due_at = models.DateTimeField(editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
    )
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("note of a shift")
        verbose_name_plural = _("notes of a shift")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(status="waiting"),
                name="shift_note_waits_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["desk", "due_at", "id"],
                condition=models.Q(status="waiting"),
                name="shift_notes_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.status} of {self.case_id}"

    @property
    def reference(self) -> str:
        """Of its request."""
        return self.case.reference


class Clarification(TracedModel):
    """A question that the front door puts to the requester, and the answer."""

    class Status(models.TextChoices):
        """Whether the requester has answered."""

        ASKED = "asked", _("Waiting for an answer")
        ANSWERED = "answered", _("Answered")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="clarifications"
    )
    question = SealedTextField(label="clarification.question")
    answer = SealedTextField(label="clarification.answer", blank=True, default="")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"Clarification of {self.case_id}"
