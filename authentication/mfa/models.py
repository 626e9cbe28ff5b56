"""Codes that were used."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class UsedCode(models.Model):
    """One code that one person has used: the row itself is what lets nobody use it again.

    ``of`` says of what it is a code, and ``number`` which one: the time step of a one-time code,
    the place of a recovery code in its set. The code is not here.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    of = models.CharField(max_length=40)
    number = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "of", "number"], name="used_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.number}"
