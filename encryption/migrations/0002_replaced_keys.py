"""A generation of a case's key may be replaced by a newer one; what has ended never comes back."""

from typing import Any

from django.db import migrations, models

from encryption.frozen_keys import REFUSE_RETURN, REFUSED, TABLE

COMES_BACK = (
    "OLD.wrapped IS NULL AND NEW.wrapped IS NOT NULL"
    " OR OLD.destroyed_at IS NOT NULL AND NEW.destroyed_at IS NULL"
    " OR OLD.case_id <> NEW.case_id OR OLD.generation <> NEW.generation"
)
POSTGRES = f"""
{REFUSE_RETURN}
CREATE TRIGGER {TABLE}_new BEFORE INSERT ON {TABLE} FOR EACH ROW WHEN (NEW.destroyed_at IS NULL)
    EXECUTE FUNCTION public.portal_refuse_return();
CREATE TRIGGER {TABLE}_gone BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN ({COMES_BACK})
    EXECUTE FUNCTION public.portal_refuse_return();
"""
SQLITE = [
    f"CREATE TRIGGER {TABLE}_new BEFORE INSERT ON {TABLE} FOR EACH ROW"
    f" WHEN NEW.destroyed_at IS NULL AND EXISTS (SELECT 1 FROM {TABLE}"
    " WHERE case_id = NEW.case_id AND destroyed_at IS NOT NULL)"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    f"CREATE TRIGGER {TABLE}_gone BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN {COMES_BACK}"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
]


def forwards(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.alias != "keystore":
        return
    there = schema_editor.connection.vendor == "postgresql"
    for statement in [POSTGRES] if there else SQLITE:
        schema_editor.execute(statement, params=None)


def backwards(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.alias != "keystore":
        return
    there = schema_editor.connection.vendor == "postgresql"
    for name in ("new", "gone"):
        on = f" ON {TABLE}" if there else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{name}{on}", params=None)
    if there:
        schema_editor.execute("DROP FUNCTION IF EXISTS portal_refuse_return()", params=None)


class Migration(migrations.Migration):
    dependencies = [("encryption", "0001_case_keys")]

    operations = [
        migrations.AddField(
            model_name="casekey",
            name="replaced_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RemoveConstraint(
            model_name="casekey", name="a_destroyed_key_is_gone_and_a_live_one_is_there"
        ),
        migrations.AddConstraint(
            model_name="casekey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    wrapped__isnull=False, destroyed_at__isnull=True, replaced_at__isnull=True
                )
                | models.Q(wrapped__isnull=True)
                & (models.Q(destroyed_at__isnull=False) | models.Q(replaced_at__isnull=False)),
                name="a_key_that_has_ended_is_gone_and_a_live_one_is_there",
            ),
        ),
        # Not elidable: a squash must keep the triggers.
        migrations.RunPython(forwards, backwards, elidable=False),
    ]
