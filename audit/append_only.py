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

POSTGRES_WITH = """
CREATE OR REPLACE FUNCTION portal_refuse_settled() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    parents text[] := '{}';
    settled boolean;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        parents := parents || (to_jsonb(OLD) ->> TG_ARGV[0]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        parents := parents || (to_jsonb(NEW) ->> TG_ARGV[0]);
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE id::text = ANY($1) AND status = $2)',
                   TG_ARGV[1]) INTO settled USING parents, TG_ARGV[2];
    IF settled THEN
        RAISE EXCEPTION 'rows of % that are settled are never changed', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $body$;
"""


def frozen(table: str, *, when: str = "", events: tuple[str, ...] = ("UPDATE", "DELETE")) -> Any:
    """A migration operation: ``table`` refuses ``events`` on rows for which ``when`` holds.

    ``when`` is SQL on OLD (NEW for an insert) that both PostgreSQL and SQLite read, or
    empty for every row.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        condition = f"WHEN ({when})" if when else ""
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(POSTGRES, params=None)
        for event in events:
            trigger = f"{table}_frozen_{event.lower()}"
            head = f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW {condition}"
            tail = (
                "EXECUTE FUNCTION portal_refuse_change()"
                if vendor == "postgresql"
                else f"BEGIN SELECT RAISE(ABORT, 'rows of {table} that are settled"
                " are never changed'); END"
            )
            schema_editor.execute(f"{head} {tail}", params=None)

    def backwards(apps: Any, schema_editor: Any) -> None:
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for event in events:
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS {table}_frozen_{event.lower()}{on}", params=None
            )

    return migrations.RunPython(forwards, backwards, elidable=False)


def frozen_with(table: str, *, column: str, parent: str, status: str) -> Any:
    """A migration operation: once the ``parent`` row has ``status``, its rows in ``table`` stand.

    Nothing can be added to them, changed or removed. ``column`` is the foreign key.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(POSTGRES_WITH, params=None)
        for event in ("INSERT", "UPDATE", "DELETE"):
            rows = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}[event]
            trigger = f"{table}_settled_{event.lower()}"
            head = f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW"
            if vendor == "postgresql":
                body = f"EXECUTE FUNCTION portal_refuse_settled('{column}', '{parent}', '{status}')"
            else:
                ids = ", ".join(f"{row}.{column}" for row in rows)
                body = (
                    f"WHEN EXISTS (SELECT 1 FROM {parent} p WHERE p.id IN ({ids})"  # noqa: S608
                    f" AND p.status = '{status}') BEGIN SELECT RAISE(ABORT,"
                    f" 'rows of {table} that are settled are never changed'); END"
                )
            schema_editor.execute(f"{head} {body}", params=None)

    def backwards(apps: Any, schema_editor: Any) -> None:
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for event in ("insert", "update", "delete"):
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS {table}_settled_{event}{on}", params=None
            )

    return migrations.RunPython(forwards, backwards, elidable=False)
