"""History that says who did it, for which agency, and why."""

from typing import Any

from django.db import models, transaction
from django.utils import timezone
from simple_history.models import HistoricalRecords

from audit.names import move_of
from audit.record import GONE, record
from encryption.models import sealed_digest

BY_ITSELF = {"+": "founded", "~": "changed", "-": "removed"}


class Stamped(models.Model):
    """What every history row holds besides the row itself, who did it and why."""

    history_agency = models.ForeignKey(
        "agencies.Agency", models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )

    class Meta:
        abstract = True


class StampedHistory(HistoricalRecords):  # type: ignore[misc]  # the package has no types
    """simple-history for what decides access: people, agencies, roles and the partnership.

    Nobody stands in a row that the installation itself has written, like the demonstration's.
    """

    stamps: type[models.Model] = Stamped

    def __init__(self, **options: Any) -> None:
        super().__init__(bases=(self.stamps,), **options)

    def create_historical_record(
        self, instance: Any, history_type: str, using: str | None = None
    ) -> None:
        """Write one history row beside the save that caused it."""
        model = getattr(instance, self.manager_name).model
        row = model(
            history_date=timezone.now(),
            history_type=history_type,
            history_user=getattr(instance, "_history_user", None),
            history_change_reason=getattr(instance, "_change_reason", None),
            history_agency_id=getattr(instance, "_history_agency_id", None),
            **{
                field.attname: getattr(instance, field.attname)
                for field in self.fields_included(instance)
            },
        )
        row.save(using=using if self.use_base_model_db else None)
        # The evidence of the change, if there is any, names the history row beside it.
        instance._history_written = (row.history_id, row.history_date)


class InLedger(Stamped):
    """A history row that a leaf of the ledger names, though its row has no transitions."""

    in_ledger = True

    class Meta:
        abstract = True


class LedgeredHistory(StampedHistory):
    """The same for rows that hold nothing personal: each change is in the ledger too.

    So a role that somebody gave by SQL is found like a record that was changed by SQL.
    """

    stamps = InLedger

    def create_historical_record(
        self, instance: Any, history_type: str, using: str | None = None
    ) -> None:
        """Write the history row and the evidence that names it."""
        reason = getattr(instance, "_change_reason", None) or BY_ITSELF[history_type]
        instance._change_reason = reason
        by = getattr(instance, "_history_user", None)
        with transaction.atomic(savepoint=False):
            super().create_historical_record(instance, history_type, using)
            record(
                move_of(instance, reason),
                instance,
                person=str(by.pk) if by else "",
                agency=str(getattr(instance, "_history_agency_id", None) or ""),
                before="",
                after=GONE if history_type == "-" else "",
                digest=sealed_digest(instance),
            )
