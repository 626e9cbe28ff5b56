# ruff: noqa: S608 - names that are all ours
"""Triggers with which the database itself refuses to change what must stay."""

from collections.abc import Callable
from typing import Any

from django.db import router
from django.db.migrations.operations.base import Operation

# Names are looked for in these schemas and in this order, whatever the session says: a temporary
# table of the same name never stands in front (CVE-2018-1058).
FIXED = "SET search_path = pg_catalog, public, pg_temp"

# The one way past (docs/adr/0069): the owner of a table, in a transaction that says so, may put
# sealed bytes in the place of sealed bytes of the same length and an older key; and nothing else.
SEALED_ANEW = rf"""
CREATE OR REPLACE FUNCTION public.portal_is_sealed_anew(relation oid, before jsonb, after jsonb)
RETURNS boolean LANGUAGE plpgsql STABLE {FIXED} AS $body$
DECLARE
    sealed text[];
    name text;
    old_hex text;
    new_hex text;
BEGIN
    IF current_setting('portal.sealing_anew', true) IS DISTINCT FROM 'on' THEN
        RETURN false;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class WHERE oid = relation
                   AND left(relname, 6) <> 'audit_' AND pg_has_role(relowner, 'MEMBER')) THEN
        RETURN false;
    END IF;
    SELECT coalesce(array_agg(attname::text), '{{}}') INTO sealed FROM pg_catalog.pg_attribute
        WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped
        AND atttypid = 'bytea'::regtype;
    IF before - sealed <> after - sealed THEN
        RETURN false;
    END IF;
    FOREACH name IN ARRAY sealed LOOP
        old_hex := before ->> name;
        new_hex := after ->> name;
        CONTINUE WHEN old_hex IS NOT DISTINCT FROM new_hex;
        -- A format byte, two bytes of generation, and then what is sealed.
        IF old_hex IS NULL OR new_hex IS NULL OR length(old_hex) <> length(new_hex)
           OR left(old_hex, 4) <> '\x01' OR left(new_hex, 4) <> '\x01'
           OR substr(new_hex, 5, 4) COLLATE "C" <= substr(old_hex, 5, 4) COLLATE "C" THEN
            RETURN false;
        END IF;
    END LOOP;
    RETURN true;
END $body$;
"""

POSTGRES = f"""
CREATE OR REPLACE FUNCTION public.portal_refuse_change() RETURNS trigger
LANGUAGE plpgsql {FIXED} AS $body$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF public.portal_is_sealed_anew(TG_RELID, to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % that are settled are never changed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $body$;
"""

POSTGRES_WITH = f"""
CREATE OR REPLACE FUNCTION public.portal_refuse_settled() RETURNS trigger
LANGUAGE plpgsql {FIXED} AS $body$
DECLARE
    parents uuid[] := '{{}}';  -- as the column is, or its index would not be used
    settled boolean;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF public.portal_is_sealed_anew(TG_RELID, to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        parents := parents || (to_jsonb(OLD) ->> TG_ARGV[0])::uuid;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        parents := parents || (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I'
                   ' WHERE id = ANY($1) AND status = $2)', TG_ARGV[1])
        INTO settled USING parents, TG_ARGV[2];
    IF settled THEN
        RAISE EXCEPTION 'rows of % that are settled are never changed', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $body$;
"""


class Statements(Operation):
    """A migration operation of statements alone: no model is drawn up for it, which takes long."""

    def __init__(
        self, said: str, forwards: Callable[[Any], None], backwards: Callable[[Any], None]
    ):
        self.said = said
        self.forwards = forwards
        self.backwards = backwards

    def state_forwards(self, app_label: str, state: Any) -> None:
        """No model changes."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            self.forwards(schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            self.backwards(schema_editor)

    def describe(self) -> str:
        return self.said


def functions_as_now() -> Any:
    """A migration operation: triggers that were made earlier do what is written above."""

    def forwards(schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for function in (SEALED_ANEW, POSTGRES, POSTGRES_WITH):
                schema_editor.execute(function, params=None)

    def backwards(schema_editor: Any) -> None:
        """They stay: what an earlier one let through is refused still."""

    return Statements("Make the functions of the triggers as they are now", forwards, backwards)


def _refusing(vendor: str, table: str, when: str, event: str, *, maybe: str = "") -> str:
    trigger = f"{table}_frozen_{event.lower()}"
    condition = f"WHEN ({when})" if when else ""
    head = f"CREATE TRIGGER {maybe}{trigger} BEFORE {event} ON {table} FOR EACH ROW {condition}"
    if vendor == "postgresql":
        return f"{head} EXECUTE FUNCTION public.portal_refuse_change()"
    said = f"rows of {table} that are settled are never changed"
    return f"{head} BEGIN SELECT RAISE(ABORT, '{said}'); END"


def frozen(table: str, *, when: str = "", events: tuple[str, ...] = ("UPDATE", "DELETE")) -> Any:
    """A migration operation: ``table`` refuses ``events`` on rows for which ``when`` holds.

    ``when`` is SQL on OLD (NEW for an insert) that both PostgreSQL and SQLite read, or
    empty for every row.
    """

    def forwards(schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(SEALED_ANEW, params=None)
            schema_editor.execute(POSTGRES, params=None)
        for event in events:
            schema_editor.execute(_refusing(vendor, table, when, event), params=None)

    def backwards(schema_editor: Any) -> None:
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for event in events:
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS {table}_frozen_{event.lower()}{on}", params=None
            )

    return Statements(f"Freeze {table}", forwards, backwards)


def frozen_again(
    table: str, *, when: str = "", events: tuple[str, ...] = ("UPDATE", "DELETE")
) -> Any:
    """A migration operation: triggers of ``frozen`` that SQLite may have lost, where they are gone.

    To add a constraint, a table is made anew there, and its triggers go with the old one.
    """

    def forwards(schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "sqlite":
            for event in events:
                statement = _refusing(vendor, table, when, event, maybe="IF NOT EXISTS ")
                schema_editor.execute(statement, params=None)

    def backwards(schema_editor: Any) -> None:
        """Whatever ``frozen`` made is its own to take away."""

    return Statements(f"Freeze {table} where it no longer is", forwards, backwards)


def frozen_with(table: str, *, column: str, parent: str, status: str) -> Any:
    """A migration operation: once the ``parent`` row has ``status``, its rows in ``table`` stand.

    Nothing can be added to them, changed or removed. ``column`` is the foreign key.
    """

    def forwards(schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(SEALED_ANEW, params=None)
            schema_editor.execute(POSTGRES_WITH, params=None)
        for event in ("INSERT", "UPDATE", "DELETE"):
            rows = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}[event]
            trigger = f"{table}_settled_{event.lower()}"
            head = f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW"
            if vendor == "postgresql":
                given = f"'{column}', '{parent}', '{status}'"
                body = f"EXECUTE FUNCTION public.portal_refuse_settled({given})"
            else:
                ids = ", ".join(f"{row}.{column}" for row in rows)
                body = (
                    f"WHEN EXISTS (SELECT 1 FROM {parent} p WHERE p.id IN ({ids})"
                    f" AND p.status = '{status}') BEGIN SELECT RAISE(ABORT,"
                    f" 'rows of {table} that are settled are never changed'); END"
                )
            schema_editor.execute(f"{head} {body}", params=None)

    def backwards(schema_editor: Any) -> None:
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for event in ("insert", "update", "delete"):
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS {table}_settled_{event}{on}", params=None
            )

    return Statements(f"Freeze {table} with its {parent}", forwards, backwards)
