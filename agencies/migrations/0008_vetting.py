"""The class of checks on a person takes the name of its feature; the database stays."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agencies", "0007_help_and_privacy_contacts")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("OrganisationalCheck", "Vetting"),
                migrations.RenameModel("HistoricalOrganisationalCheck", "HistoricalVetting"),
                migrations.AlterModelTable("Vetting", "agencies_organisationalcheck"),
                migrations.AlterModelTable("HistoricalVetting", "agencies_historicalorganisationalcheck"),
                migrations.AlterModelOptions(
                    "HistoricalVetting",
                    {
                        "get_latest_by": ("history_date", "history_id"),
                        "ordering": ("-history_date", "-history_id"),
                        "verbose_name": "historical vetting",
                        "verbose_name_plural": "historical vettings",
                    },
                ),
            ],
        )
    ]
