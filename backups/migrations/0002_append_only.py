"""What was made and how drills went is only ever added to."""

from django.db import migrations

from audit.append_only import frozen


class Migration(migrations.Migration):
    dependencies = [("backups", "0001_initial")]

    operations = [frozen("backups_backup"), frozen("backups_drill")]
