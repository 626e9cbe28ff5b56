"""What carries disposals out takes the steps of that, writes their columns, and no other.

So neither a list nor its approval, its waiting time, or the record that a line names can be made up
by whoever has only that role's credentials (docs/adr/0099). Row-level security cannot compare a
row with what it was.
"""

from typing import Any

from django.db import migrations

from audit.append_only import FIXED, Statements

ROLE = "portal_disposals"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION public.portal_only_carried_out() RETURNS trigger
LANGUAGE plpgsql {FIXED} AS $body$
DECLARE
    steps text[] := string_to_array(TG_ARGV[0], ' ');
    columns text[] := string_to_array(TG_ARGV[1], ' ');
BEGIN
    IF OLD.status || '>' || NEW.status = ANY (steps)
       AND to_jsonb(OLD) - columns = to_jsonb(NEW) - columns THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are carried out, and changed in no other way', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $body$;
"""
BOUND = {
    "retention_disposallist": ("approved>done", "status version"),
    "retention_disposal": (
        "listed>kept listed>destroying destroying>destroyed",
        "status version tokens files destroyed_at key_gone_on",
    ),
}


def forwards(schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return  # SQLite has no roles
    schema_editor.execute(FUNCTION, params=None)
    for table, (steps, columns) in BOUND.items():
        schema_editor.execute(
            f"CREATE TRIGGER {table}_carried_out BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN (current_user = '{ROLE}')"
            f" EXECUTE FUNCTION public.portal_only_carried_out('{steps}', '{columns}')",
            params=None,
        )


def backwards(schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in BOUND:
            schema_editor.execute(f"DROP TRIGGER {table}_carried_out ON {table}", params=None)
        schema_editor.execute("DROP FUNCTION public.portal_only_carried_out()", params=None)


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_squashed_0002_frozen")]

    operations = [
        Statements("Let disposals be carried out, and no more", forwards, backwards),
    ]
