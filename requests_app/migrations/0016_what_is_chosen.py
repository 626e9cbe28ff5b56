"""What is chosen of the desk, who asks for what, and what is late there (docs/adr/0123)."""

import django.db.models.deletion as deletion
from django.conf import settings
from django.db import migrations, models

from requests_app.triage.places import keeping_what_is_late

NO_PLACES, PLACES = keeping_what_is_late()


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0009_out_of_hours_telephone"),
        ("requests_app", "0015_plain_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NO_PLACES,
        migrations.AddField(
            model_name="inboxplace",
            name="agency",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=deletion.PROTECT,
                related_name="+",
                to="agencies.agency",
            ),
        ),
        migrations.AddField(
            model_name="inboxplace", name="purposes", field=models.TextField(default="")
        ),
        migrations.AddField(
            model_name="inboxplace", name="late_from", field=models.DateTimeField(null=True)
        ),
        migrations.AddIndex(
            model_name="inboxplace",
            index=models.Index(
                condition=models.Q(("place__lt", 6)),
                fields=["desk", "agency", "urgency", "due_at", "sent_at", "case"],
                name="inbox_of_agency",
            ),
        ),
        migrations.AddIndex(
            model_name="inboxplace",
            index=models.Index(
                condition=models.Q(("place__lt", 6)),
                fields=["desk", "late_from", "case"],
                name="inbox_late",
            ),
        ),
        migrations.CreateModel(
            name="DeskChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("query", models.CharField(max_length=200)),
                (
                    "desk",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "desk"), name="desk_choice_one_each"
                    )
                ]
            },
        ),
        PLACES,
    ]
