"""Which reminders of a time were promised, so that each is promised once (docs/adr/0127)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests_app", "0017_possible_matches"),
    ]

    operations = [
        migrations.CreateModel(
            name="TimeReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.UUIDField()),
                (
                    "which",
                    models.CharField(
                        choices=[("before", "Soon due"), ("at", "Due"), ("after", "Late")],
                        max_length=6,
                    ),
                ),
                ("rating", models.CharField(max_length=5)),
                ("pauses", models.PositiveSmallIntegerField()),
                ("promised_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("about", "which", "rating", "pauses"), name="time_reminder_once"
                    )
                ],
            },
        ),
    ]
