"""Two tables of evidence: what was changed, and who looked. Rows are added, never changed.

Beside them stands the ledger, by which anybody can tell that this is so.
"""

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.ledger.notes import Checkpoint, signed_lines

GONE = "gone"  # the state after the change of a row that is no longer there


class Evidence(models.Model):
    """Who, for which agency, about which row of which case.

    There are no foreign keys: evidence outlives what it describes. It holds codes, ids
    and numbers only, so that nobody ever needs to redact it.
    """

    at = models.DateTimeField(auto_now_add=True)
    person = models.CharField(max_length=64)
    agency = models.CharField(max_length=64)
    case_id = models.UUIDField(null=True)
    thing = models.CharField(max_length=64)
    thing_id = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; an existing one is refused."""
        if not self._state.adding:
            self.refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always refused."""
        self.refuse()

    def refuse(self) -> NoReturn:
        """Evidence is never changed or deleted."""
        raise TypeError("Evidence is added, never changed or deleted.")


class Event(Evidence):
    """One change of one row, written in the transaction that made it (P-RECORD)."""

    move = models.CharField(max_length=60)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["thing", "thing_id", "id"], name="event_of_thing"),
            models.Index(fields=["case_id", "id"], name="event_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.move} {self.thing} {self.thing_id}"


class AccessEntry(Evidence):
    """One reading, or one refusal to let somebody read (ISA-7.2)."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        DOWNLOADED = "downloaded", _("Downloaded a file")
        SEARCHED = "searched", _("Searched for possible matches")
        EXPORTED = "exported", _("Downloaded a copy")
        PRINTED = "printed", _("Printed")
        REFUSED = "refused", _("Was refused")

    kind = models.CharField(max_length=12, choices=Kind)
    may = models.CharField(max_length=40)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "access entries"
        indexes = [
            models.Index(fields=["case_id", "-id"], name="access_of_case"),
            models.Index(fields=["person", "-id"], name="access_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing} {self.thing_id}"


class LeafQuerySet(models.QuerySet["Leaf"]):
    """Leaves by what has become of them."""

    def waiting(self) -> "LeafQuerySet":
        """Those that have no place yet, and are to get one."""
        return self.filter(leaf_index=None, set_aside=None)

    def sound(self) -> "LeafQuerySet":
        """All but those that were set aside."""
        return self.filter(set_aside=None)


class Leaf(models.Model):
    """One row of evidence as the ledger keeps it, written in the same transaction.

    ``body`` is what is hashed: canonical JSON, described in docs/ledger.md. The sequencer gives
    each leaf its place in the tree, once; nothing else about it ever changes.
    """

    class Kind(models.TextChoices):
        CHANGE = "change", _("Change")
        LOOK = "look", _("Look")

    kind = models.CharField(max_length=6, choices=Kind)
    entry = models.BigIntegerField()
    body = models.TextField()
    leaf_index = models.BigIntegerField(null=True, unique=True)

    objects = LeafQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "leaves"
        constraints = [
            models.UniqueConstraint(fields=["kind", "entry"], name="one_leaf_for_each_entry")
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(leaf_index=None), name="leaves_without_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"leaf of {self.kind} {self.entry}"


class SetAside(models.Model):
    """A leaf that is none, as the sequencer found it: it gets no place, and an alarm is raised.

    Only the sequencer adds these, so nobody else can keep a leaf out of the ledger.
    """

    leaf = models.OneToOneField(Leaf, models.PROTECT, primary_key=True, related_name="set_aside")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "leaves set aside"

    def __str__(self) -> str:
        return f"leaf {self.pk}, set aside"


class KnownFinding(models.Model):
    """A finding of ``ledger verify-live`` that somebody has looked into and put on record.

    ``finding`` is a digest of its words and of the state of what it is about: once that changes,
    it is another finding. Only the owner of the tables adds these; pages neither add nor read them.
    """

    finding = models.CharField(max_length=64, unique=True)
    what = models.CharField(max_length=1000)
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"known finding {self.pk}"


class Tile(models.Model):
    """Hashes of the tree, 256 to a full tile: worked out from the leaves, and checked by them."""

    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="one_tile_a_place")]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.number}"


class Signatory(models.Model):
    """A public key that has signed checkpoints; added when its private half first signs."""

    verifier = models.CharField(max_length=200, unique=True)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "signatories"

    def __str__(self) -> str:
        return self.verifier


class SignedCheckpoint(models.Model):
    """So many leaves had this root: a signed note, as partners hold it too."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return f"checkpoint of {self.size}"

    @property
    def root(self) -> bytes:
        """The root that the note says; NoteFault where it is none."""
        return Checkpoint.parse(signed_lines(self.note)).root
