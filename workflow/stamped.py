"""History that says who did it, for which agency, and why."""

from typing import Any

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords


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

    def __init__(self, **options: Any) -> None:
        super().__init__(bases=(Stamped,), **options)

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
