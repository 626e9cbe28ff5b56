"""The class of what a decision bears on says what it is; the database stays."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("decisions", "0005_agency_check")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Weighed", "DecisionItem"),
                migrations.RenameModel("HistoricalWeighed", "HistoricalDecisionItem"),
                migrations.AlterModelTable("DecisionItem", "decisions_weighed"),
                migrations.AlterModelTable("HistoricalDecisionItem", "decisions_historicalweighed"),
                migrations.AlterModelOptions(
                    "HistoricalDecisionItem",
                    {
                        "get_latest_by": ("history_date", "history_id"),
                        "ordering": ("-history_date", "-history_id"),
                        "verbose_name": "historical decision item",
                        "verbose_name_plural": "historical decision items",
                    },
                ),
            ],
        )
    ]
