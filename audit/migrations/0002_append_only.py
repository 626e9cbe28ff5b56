"""Evidence is added, never changed: the database itself refuses it."""

from django.db import migrations

from audit.append_only import frozen


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [frozen("audit_event"), frozen("audit_accessentry")]
