"""Whoever does not own the keystore adds first keys, live ones, and at most takes keys away.

That is docs/adr/0101 and docs/adr/0099.
"""

from typing import Any

from django.db import migrations

from encryption.frozen_keys import REFUSE_RETURN, TABLE

TRIGGER = f"""
DROP TRIGGER {TABLE}_new ON {TABLE};
CREATE TRIGGER {TABLE}_new BEFORE INSERT ON {TABLE} FOR EACH ROW
    EXECUTE FUNCTION public.portal_refuse_return();
CREATE TRIGGER {TABLE}_taken BEFORE UPDATE ON {TABLE} FOR EACH ROW
    EXECUTE FUNCTION public.portal_refuse_return();
"""


def forwards(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    if connection.alias == "keystore" and connection.vendor == "postgresql":  # SQLite has no roles
        schema_editor.execute(REFUSE_RETURN + TRIGGER, params=None)


class Migration(migrations.Migration):
    dependencies = [("encryption", "0003_fixed_search_path")]

    # Not elidable: a squash must keep the trigger. Backwards it stays as it is.
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
