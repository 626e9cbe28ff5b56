"""History that copies sealed bytes as they are, and says who, for which agency, and why."""

from typing import Any

from django.utils import timezone
from simple_history.models import HistoricalRecords

from audit.record import UNWRITTEN
from encryption.models import raw_values
from workflow.stamped import Stamped

WITH_EVIDENCE = "_history_with_evidence"


class SealedHistory(HistoricalRecords):  # type: ignore[misc]  # the package has no types
    """simple-history for rows with sealed fields.

    The stock class reads attributes, which opens each value and seals it anew for a row
    that it does not belong to; it fails outright once the case key is destroyed. This one
    copies what stands in the row, so a history row opens under the version it was.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(bases=(Stamped,), inherit=True, **options)

    def get_meta_options(self, model: Any) -> dict[str, Any]:
        """The table of the history keeps the name that goes with the table of the rows."""
        options: dict[str, Any] = super().get_meta_options(model)
        app, name = model._meta.app_label, model._meta.db_table
        if name != f"{app}_{model._meta.model_name}":
            options["db_table"] = f"{app}_historical{name.removeprefix(f'{app}_')}"
        return options

    def create_historical_record(
        self, instance: Any, history_type: str, using: str | None = None
    ) -> None:
        """Write one history row beside the save that caused it, or with the evidence of it."""
        model = getattr(instance, self.manager_name).model
        values = raw_values(instance)
        row = model(
            history_date=timezone.now(),
            history_type=history_type,
            history_user=instance._history_user,
            history_change_reason=instance._change_reason,
            history_agency_id=instance._history_agency_id,
            **{field.attname: values[field.attname] for field in self.fields_included(instance)},
        )
        if vars(instance).pop(WITH_EVIDENCE, False):
            setattr(instance, UNWRITTEN, row)
            return
        row.save(using=using if self.use_base_model_db else None)
        # The evidence of the change names the history row beside it.
        instance._history_written = (row.history_id, row.history_date)
