"""A case, a note in it, and their history copied as it is stored."""

from typing import Any
from uuid import UUID

from django.db import models
from simple_history.models import HistoricalRecords

from encryption.fields import SealedDateField, SealedTextField
from encryption.models import SealedModel, raw_values


class RawHistory(HistoricalRecords):
    """History that copies sealed bytes, as the workflow app's does."""

    def create_historical_record(self, instance: Any, history_type: str, using: Any = None) -> None:
        instance.history.model(
            history_date=instance.changed_at, history_type=history_type, **raw_values(instance)
        ).save()


class Kept(SealedModel):
    """Rows with a history."""

    changed_at = models.DateTimeField(auto_now=True)
    history = RawHistory(inherit=True, user_db_constraint=False, app="encryption_sample")

    class Meta:
        abstract = True


class Case(Kept):
    """The row that is its own case."""

    reason = SealedTextField(label="sample.case.reason", default="")

    class Meta:
        app_label = "encryption_sample"

    @property
    def case_id(self) -> UUID:
        """A case is its own case."""
        return self.id


class Note(Kept):
    """A row in a case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    title = SealedTextField(label="sample.note.title", blank=True, default="")
    body = SealedTextField(label="sample.note.body", blank=True, default="")
    born_on = SealedDateField(label="sample.note.born_on", null=True, blank=True)
    status = models.CharField(max_length=20, default="draft")

    class Meta:
        app_label = "encryption_sample"


TABLES = (Case, Note, Case.history.model, Note.history.model)
