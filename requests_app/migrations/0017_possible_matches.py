"""What the front door says of possible matches (docs/adr/0125)."""

import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.append_only import frozen


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0009_out_of_hours_telephone"),
        ("requests_app", "0016_what_is_chosen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalMatchVerdict",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("linked", "Linked"),
                            ("apart", "Not the same person"),
                            ("undone", "Undone"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "because",
                    models.CharField(
                        choices=[
                            ("records", "The details in the two requests"),
                            ("number", "The NHS number or UPN"),
                            ("own_system", "Our own case management system"),
                            ("agency", "An agency told us"),
                            ("family", "The family told us"),
                            ("mistake", "It was a mistake"),
                            ("news", "We have learnt something new"),
                        ],
                        max_length=10,
                    ),
                ),
                ("mine_version", models.PositiveIntegerField(editable=False)),
                ("theirs_version", models.PositiveIntegerField(editable=False)),
                ("said_at", models.DateTimeField(editable=False)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="requests_app.informationrequest",
                    ),
                ),
                (
                    "history_agency",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mine",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="requests_app.subject",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "theirs",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="requests_app.subject",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical verdict on a possible match",
                "verbose_name_plural": "historical verdicts on possible matches",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="MatchVerdict",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("linked", "Linked"),
                            ("apart", "Not the same person"),
                            ("undone", "Undone"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "because",
                    models.CharField(
                        choices=[
                            ("records", "The details in the two requests"),
                            ("number", "The NHS number or UPN"),
                            ("own_system", "Our own case management system"),
                            ("agency", "An agency told us"),
                            ("family", "The family told us"),
                            ("mistake", "It was a mistake"),
                            ("news", "We have learnt something new"),
                        ],
                        max_length=10,
                    ),
                ),
                ("mine_version", models.PositiveIntegerField(editable=False)),
                ("theirs_version", models.PositiveIntegerField(editable=False)),
                ("said_at", models.DateTimeField(editable=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="match_verdicts",
                        to="requests_app.informationrequest",
                    ),
                ),
                (
                    "mine",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="match_verdicts",
                        to="requests_app.subject",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "theirs",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="requests_app.subject",
                    ),
                ),
            ],
            options={
                "verbose_name": "verdict on a possible match",
                "verbose_name_plural": "verdicts on possible matches",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mine", "theirs"), name="match_verdict_one_a_pair"
                    )
                ],
            },
        ),
        # Of whom it is said stands; what is said is undone and never taken away.
        frozen(
            "requests_app_matchverdict",
            when="OLD.case_id <> NEW.case_id OR OLD.mine_id <> NEW.mine_id"
            " OR OLD.theirs_id <> NEW.theirs_id",
            events=("UPDATE",),
        ),
        frozen("requests_app_matchverdict", events=("DELETE",)),
        frozen("requests_app_historicalmatchverdict"),
    ]
