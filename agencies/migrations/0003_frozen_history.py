"""Who was given a role, by whom and when, never changes again: the database itself refuses it."""

from django.db import migrations

from audit.append_only import frozen

HISTORIES = ["agency", "membership", "partnership", "user"]


class Migration(migrations.Migration):
    dependencies = [("agencies", "0002_stamped_history")]

    operations = [frozen(f"agencies_historical{name}") for name in HISTORIES]
