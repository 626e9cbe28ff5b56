"""The sessions of everybody, none of which whoever reads them could use."""

import uuid
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Q
from django.utils import timezone


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions by whose they are and whether they last."""

    def of(self, person: UUID) -> "SessionQuerySet":
        """Those of one person that have not ended, the one used last first."""
        return self.filter(person=person, expire_date__gt=timezone.now()).order_by("-seen")


class Session(AbstractBaseSession):
    """What one browser is told apart by.

    The browser's key is nowhere here: ``session_key`` is its digest, and ``session_data`` is
    sealed under it. ``number`` names a session to the person whose it is. A visitor's session
    has no ``person``, and neither a beginning nor an end but ``expire_date``.
    """

    session_key = models.CharField(max_length=64, primary_key=True)
    number = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.UUIDField(null=True, editable=False)
    browser = models.CharField(max_length=60, editable=False)
    began = models.DateTimeField(null=True, editable=False)
    seen = models.DateTimeField(default=timezone.now, editable=False)
    ends = models.DateTimeField(null=True, editable=False)

    objects = BaseSessionManager.from_queryset(SessionQuerySet)()  # type: ignore[misc]

    class Meta:
        indexes = [
            models.Index(fields=["person"], condition=~Q(person=None), name="session_of_a_person")
        ]

    def __str__(self) -> str:
        return f"session {self.number}"

    def lasts_until(self, now: datetime) -> datetime:
        """When it ends, should nobody do anything after ``now``."""
        idle = now + settings.SESSION_IDLE
        return min(idle, self.ends) if self.ends else now + settings.SESSION_OF_A_VISITOR


class Count(models.Model):
    """What is counted of tries at one place while Redis is gone; the place is a digest."""

    place = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"count {self.place[:8]}"


class UnsentText(models.Model):
    """What somebody typed on one page and has not sent, sealed under a key of their browser's.

    ``id`` is a digest of person, agency and page, so that no address is told by it. ``sent_at`` is
    when the page was sent last: one drawn before that keeps nothing any more (docs/adr/0128).
    """

    id = models.UUIDField(primary_key=True, editable=False)
    sealed = models.BinaryField(default=bytes)
    kept_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"unsent text {self.pk}"
