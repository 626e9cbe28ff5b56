"""Entries with a time that every reader can read, and leaves of a bounded length (M3)."""

from django.db import migrations

from audit.intake import functions_as_they_are


class Migration(migrations.Migration):
    dependencies = [("audit", "0009_leaves_set_aside")]

    operations = [functions_as_they_are()]
