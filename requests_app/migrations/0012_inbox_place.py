"""Where each request stands in the front door's inbox, kept by triggers (docs/adr/0117)."""

import django.db.models.deletion as deletion
from django.db import migrations, models

from requests_app.triage.places import keeping_places


class Migration(migrations.Migration):
    dependencies = [("agencies", "0008_vetting"), ("requests_app", "0011_agency_check")]

    operations = [
        migrations.CreateModel(
            name="InboxPlace",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=deletion.CASCADE,
                        primary_key=True,
                        related_name="inbox_place",
                        serialize=False,
                        to="requests_app.informationrequest",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("urgency", models.PositiveSmallIntegerField()),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                ("asked", models.PositiveSmallIntegerField()),
                ("answered", models.PositiveSmallIntegerField()),
                (
                    "desk",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["desk", "place", "urgency", "due_at", "sent_at", "case"],
                        name="inbox_in_its_order",
                    )
                ]
            },
        ),
        keeping_places(),
    ]
