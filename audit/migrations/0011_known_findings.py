"""Findings of `ledger verify-live` that an operator has put on record (docs/adr/0101)."""

from django.db import migrations, models

from audit.append_only import frozen


class Migration(migrations.Migration):
    dependencies = [("audit", "0010_evidence_that_can_be_read")]

    operations = [
        migrations.CreateModel(
            name="KnownFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("finding", models.CharField(max_length=64, unique=True)),
                ("what", models.CharField(max_length=1000)),
                ("reason", models.CharField(max_length=500)),
                ("by", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
            ],
            options={"ordering": ["pk"]},
        ),
        frozen("audit_knownfinding"),
    ]
