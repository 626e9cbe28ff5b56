"""A leaf comes without a place: only the sequencer gives it one."""

from django.db import migrations

from audit.append_only import frozen


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_ledger_append_only")]

    operations = [frozen("audit_leaf", when="NEW.leaf_index IS NOT NULL", events=("INSERT",))]
