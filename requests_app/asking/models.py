"""The information request, with its needs, its consent and its files."""

import secrets
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from encryption.fields import SealedDateField, SealedTextField
from encryption.fingerprints import came_later
from requests_app.choices import (
    ConsentAnswer,
    ConsentHow,
    FileKind,
    NotSoughtReason,
    ParentsTold,
    Rating,
)
from workflow.traced import TracedModel

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"  # no vowels, no look-alikes: never a word, never misread


def drawn(letter: str) -> str:
    """A reference that says nothing about anybody, such as R-7KQ4-M2XV."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letter}-{code[:4]}-{code[4:]}"


def new_reference() -> str:
    """A reference for a request."""
    return drawn("R")


class InformationRequest(TracedModel):
    """What one agency asks of the front door about a child (ISA-3.8)."""

    class Status(models.TextChoices):
        """Where the request stands."""

        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Waiting for triage")
        RETURNED = "returned", _("Returned with questions")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        RELEASED = "released", _("Information released")
        DISCARDED = "discarded", _("Draft discarded")

    WITH_REQUESTER = (Status.DRAFT, Status.RETURNED)
    AT_WORK = (Status.ACCEPTED, Status.RELEASED)

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    status = models.CharField(max_length=12, choices=Status, editable=False)
    desk = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    purposes = models.JSONField(default=list, blank=True)
    purpose_reason = SealedTextField(label="request.purpose_reason", blank=True, default="")
    rating = models.CharField(max_length=5, choices=Rating, blank=True)
    rating_reason = SealedTextField(label="request.rating_reason", blank=True, default="")
    parents_told = models.CharField(max_length=3, choices=ParentsTold, blank=True)
    parents_reason = SealedTextField(label="request.parents_reason", blank=True, default="")
    declined_reason = SealedTextField(label="request.declined_reason", blank=True, default="")
    started_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, editable=False)
    due_at = models.DateTimeField(null=True, editable=False)
    # Who at the front door has it, and since when; None is nobody.
    owner = came_later(
        models.ForeignKey(
            settings.AUTH_USER_MODEL,
            models.PROTECT,
            null=True,
            editable=False,
            db_index=False,
            related_name="+",
        )
    )
    owned_at = came_later(models.DateTimeField(null=True, editable=False))

    class Meta:
        verbose_name = _("information request")
        indexes = [
            models.Index(fields=["desk", "status", "due_at"], name="request_inbox"),
            models.Index(fields=["requested_by", "-started_at"], name="request_mine"),
            models.Index(fields=["desk", "sent_at", "id"], name="request_oldest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="request_sent_is_rated_and_timed",
                condition=models.Q(status__in=["draft", "discarded"])
                | (models.Q(sent_at__isnull=False, due_at__isnull=False) & ~models.Q(rating="")),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def case_id(self) -> UUID:  # type: ignore[override]
        """A request is its own case."""
        return self.id

    @property
    def is_with_requester(self) -> bool:
        """Whether the requester is the one to act."""
        return self.status in self.WITH_REQUESTER

    @property
    def is_rated_by_requester(self) -> bool:
        """Whether the requester says how urgent it is; once it was sent, the front door does."""
        return self.status == self.Status.DRAFT


class Need(TracedModel):
    """One fact that is needed, and why (P-NECESSARY)."""

    class Status(models.TextChoices):
        """Whether it is still asked."""

        CURRENT = "current", _("Asked")
        REMOVED = "removed", _("No longer asked")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="needs"
    )
    fact = SealedTextField(label="need.fact")
    why = SealedTextField(label="need.why")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at"]

    def __str__(self) -> str:
        return f"Need of {self.case_id}"


class Consent(TracedModel):
    """What became of consent: who, for what, when, how; or why it was not sought (C-CONSENT)."""

    class Status(models.TextChoices):
        """A consent record has one state; what it says is in ``answer``."""

        RECORDED = "recorded", _("Recorded")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.OneToOneField(
        "requests_app.InformationRequest", models.PROTECT, related_name="consent"
    )
    answer = models.CharField(max_length=12, choices=ConsentAnswer)
    asked_of = SealedTextField(label="consent.asked_of", blank=True, default="")
    covers = SealedTextField(label="consent.covers", blank=True, default="")
    how = models.CharField(max_length=12, choices=ConsentHow, blank=True)
    on = SealedDateField(label="consent.on", null=True)
    why_not = models.CharField(max_length=16, choices=NotSoughtReason, blank=True)
    explanation = SealedTextField(label="consent.explanation", blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consent_not_sought_says_why",
                condition=~models.Q(answer="not_sought") | ~models.Q(why_not=""),
            )
        ]

    def __str__(self) -> str:
        return f"Consent of {self.case_id}"


class Attachment(TracedModel):
    """A file with the request; its content lies sealed beside the database (P-SECURE)."""

    class Status(models.TextChoices):
        """Whether the file is part of the request."""

        KEPT = "kept", _("Attached")
        REMOVED = "removed", _("Removed")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="attachments"
    )
    name = SealedTextField(label="attachment.name")
    kind = models.CharField(max_length=5, choices=FileKind)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at"]

    def __str__(self) -> str:
        return f"File of {self.case_id}"
