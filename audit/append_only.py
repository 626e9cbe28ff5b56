"""Triggers with which the database itself refuses to change what must stay."""

from typing import Any

from django.db import migrations

POSTGRES = """
CREATE OR REPLACE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'rows of % that are settled are never changed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $body$;
"""


def frozen(table: str, *, when: str = "", events: tuple[str, ...] = ("UPDATE", "DELETE")) -> Any:
    """A migration operation: ``table`` refuses ``events`` on rows for which ``when`` holds.

    ``when`` is SQL on OLD (NEW for an insert) that both PostgreSQL and SQLite read, or
    empty for every row.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
        condition = f"WHEN ({when})" if when else ""
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(POSTGRES)
        for event in events:
            trigger = f"{table}_frozen_{event.lower()}"
            head = f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW {condition}"
            tail = (
                "EXECUTE FUNCTION portal_refuse_change()"
                if vendor == "postgresql"
                else f"BEGIN SELECT RAISE(ABORT, 'rows of {table} that are settled"
                " are never changed'); END"
            )
            schema_editor.execute(f"{head} {tail}")

    def backwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for event in events:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen_{event.lower()}{on}")

    return migrations.RunPython(forwards, backwards, elidable=False)
