"""The keystore's one table. Apart from models.py because sealed fields need it to be defined."""

from django.db import models

from encryption.router import KEYSTORE


class CaseKey(models.Model):
    """A case's data key, wrapped by a key of the ring. Lives in the keystore database only.

    A destroyed key keeps its row, without the key: nothing can be made in its place. So does a
    generation that was replaced by a newer one, once nothing is sealed by it any more; its case
    lives. Triggers see to it that neither comes back.
    """

    case_id = models.UUIDField()
    generation = models.PositiveSmallIntegerField(default=1)
    ring_key_id = models.CharField(max_length=100)
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "generation"], name="one_key_for_each_case_and_generation"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    wrapped__isnull=False, destroyed_at__isnull=True, replaced_at__isnull=True
                )
                | models.Q(wrapped__isnull=True)
                & (models.Q(destroyed_at__isnull=False) | models.Q(replaced_at__isnull=False)),
                name="a_key_that_has_ended_is_gone_and_a_live_one_is_there",
            ),
        ]
        indexes = [models.Index(fields=["ring_key_id"], name="case_keys_by_ring_key")]

    def __str__(self) -> str:
        return f"key {self.generation} of case {self.case_id}"


def live_keys() -> "models.QuerySet[CaseKey]":
    """The keys that are there: of no destroyed case, and not replaced."""
    return CaseKey.objects.using(KEYSTORE).filter(wrapped__isnull=False)
