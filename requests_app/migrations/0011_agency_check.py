"""The class of agency checks takes the name that they have on screens; the database stays."""

from django.db import migrations, models
from django.db.models import deletion

COLUMN = "enquiry_id"
HAVE_ONE = {
    "item": {"related_name": "items"},
    "pause": {"related_name": "pauses", "null": True},
    "question": {"related_name": "questions"},
    "releasedanswer": {"related_name": "+"},
}
HISTORY = {"blank": True, "null": True, "db_constraint": False, "related_name": "+"}


def renamed(name, on_delete, **options):
    """The key of a row to its check, by its new name and in its old column."""
    key = models.ForeignKey("requests_app.agencycheck", on_delete, db_column=COLUMN, **options)
    yield migrations.RenameField(name, "enquiry", "agency_check")
    yield migrations.AlterField(name, "agency_check", key)


class Migration(migrations.Migration):
    dependencies = [
        ("requests_app", "0010_needs_answered"),
        ("decisions", "0004_found_by_time"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("releasedanswer", "released_answer_once"),
                migrations.RenameModel("Enquiry", "AgencyCheck"),
                migrations.RenameModel("HistoricalEnquiry", "HistoricalAgencyCheck"),
                migrations.AlterModelTable("AgencyCheck", "requests_app_enquiry"),
                migrations.AlterModelTable(
                    "HistoricalAgencyCheck", "requests_app_historicalenquiry"
                ),
                migrations.AlterField(
                    "agencycheck",
                    "case",
                    models.ForeignKey(
                        "requests_app.informationrequest",
                        deletion.PROTECT,
                        related_name="agency_checks",
                    ),
                ),
                *[
                    operation
                    for name, options in HAVE_ONE.items()
                    for operation in (
                        *renamed(name, deletion.PROTECT, **options),
                        *renamed(f"historical{name}", deletion.DO_NOTHING, **HISTORY),
                    )
                ],
                migrations.AddConstraint(
                    "releasedanswer",
                    models.UniqueConstraint(
                        fields=["release", "agency_check"], name="released_answer_once"
                    ),
                ),
            ],
        )
    ]
