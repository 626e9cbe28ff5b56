"""Two histories for the status page: which backups were made, and how each drill went."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from backups.keys import DATA, KEYSTORE


class Backup(models.Model):
    """A set that was made. It holds when, of which kind and how much, and nothing of a record."""

    class Kind(models.TextChoices):
        DATA = DATA, _("Data and files")
        KEYSTORE = KEYSTORE, _("Keystore")

    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=40)
    at = models.DateTimeField()
    size = models.BigIntegerField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["kind", "-at"], name="backups_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Drill(models.Model):
    """The newest backup restored elsewhere and proved there, or the step at which that failed."""

    class Step(models.TextChoices):
        FIND = "find", _("finding the backup")
        RESTORE = "restore", _("restoring it")
        PROVE = "prove", _("replaying the disposals and verifying the ledger")
        OPEN = "open", _("opening what is sealed")

    at = models.DateTimeField(auto_now_add=True)
    failed_at = models.CharField(max_length=7, choices=Step, blank=True)
    made_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)
    files = models.BigIntegerField(default=0)
    leaves = models.BigIntegerField(default=0)
    disposals = models.BigIntegerField(default=0)
    opened = models.BigIntegerField(default=0)
    took = models.DurationField(default=timedelta)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"drill {self.pk}"

    @property
    def passed(self) -> bool:
        """Whether every step of it held."""
        return not self.failed_at
