"""Whether a row is settled is found by the index of what it belongs to."""

from django.db import migrations

from audit.append_only import functions_as_now


class Migration(migrations.Migration):
    dependencies = [("audit", "0011_known_findings")]

    operations = [functions_as_now()]
