"""The information request: the case that everything else belongs to."""

import secrets
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from encryption.fields import SealedTextField
from requests_app.vocabulary import ParentsTold, Rating
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
