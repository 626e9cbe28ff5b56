"""The function of the keys' triggers looks for names where the session cannot put others (M1)."""

from typing import Any

from django.db import migrations

from encryption.frozen_keys import REFUSE_RETURN


def forwards(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    if connection.alias == "keystore" and connection.vendor == "postgresql":
        schema_editor.execute(REFUSE_RETURN, params=None)


class Migration(migrations.Migration):
    dependencies = [("encryption", "0002_replaced_keys")]

    # Not elidable: a squash must keep the function.
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
