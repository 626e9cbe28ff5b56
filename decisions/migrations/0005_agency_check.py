"""The class of agency checks takes the name that they have on screens; the database stays."""

from django.db import migrations, models
from django.db.models import deletion

COLUMN = "enquiry_id"
HISTORY = {"blank": True, "null": True, "db_constraint": False, "related_name": "+"}


def renamed(name, on_delete, **options):
    """The key of a decision to its check, by its new name and in its old column."""
    key = models.ForeignKey("requests_app.agencycheck", on_delete, db_column=COLUMN, **options)
    yield migrations.RenameField(name, "enquiry", "agency_check")
    yield migrations.AlterField(name, "agency_check", key)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0004_found_by_time"), ("requests_app", "0011_agency_check")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                *renamed("decision", deletion.PROTECT, related_name="decisions"),
                *renamed("historicaldecision", deletion.DO_NOTHING, **HISTORY),
            ],
        )
    ]
