"""Many tables made in one operation of a migration, in the time that one takes."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation


class AtOnce(Operation):
    """Tables, and triggers on them, of which none needs the models as they were before the last.

    Django draws up anew, after each operation, every model that is related to a changed one: with
    a hundred tables round one person that takes minutes. Here all are known first and drawn up
    once. Foreign keys may go round in circles: PostgreSQL gets them when all tables are there.
    """

    def __init__(self, operations: Sequence[Operation]):
        self.operations = operations

    def state_forwards(self, app_label: str, state: Any) -> None:
        """What each makes; models that are drawn up already would be so again after each."""
        state.__dict__.pop("apps", None)
        for each in self.operations:
            each.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for each in self.operations:
            each.database_forwards(app_label, schema_editor, to_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for each in reversed(self.operations):
            each.database_backwards(app_label, schema_editor, from_state, from_state)

    def describe(self) -> str:
        return "; ".join(each.describe() for each in self.operations)
