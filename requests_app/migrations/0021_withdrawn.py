"""That the front door asks an agency no longer, and why (docs/adr/0131)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import encryption.fields
from audit.append_only import frozen_again
from requests_app.triage.places import leaving_out_what_is_withdrawn

NO_PLACES, PLACES = leaving_out_what_is_withdrawn()
BECAUSE = [
    ("wrong_agency", "It was sent to the wrong agency"),
    ("not_needed", "The information is no longer needed"),
    ("mistake", "It was sent by mistake"),
    ("other", "Another reason"),
]
MODELS = ("agencycheck", "historicalagencycheck")


def added(name, make):
    """A column of the check and of its history."""
    for model in MODELS:
        yield migrations.AddField(model_name=model, name=name, field=make(model))


def by(model):
    """Who withdrew it; the history of it holds nobody back."""
    more = {"db_index": False, "on_delete": django.db.models.deletion.PROTECT}
    if model.startswith("historical"):
        more = {
            "blank": True,
            "db_constraint": False,
            "on_delete": django.db.models.deletion.DO_NOTHING,
        }
    return models.ForeignKey(
        editable=False, null=True, related_name="+", to=settings.AUTH_USER_MODEL, **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("requests_app", "0020_shift_notes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NO_PLACES,
        migrations.RemoveConstraint(
            model_name="agencycheck", name="enquiry_answered_with_an_outcome_at_some_time"
        ),
        *added("withdrawn_at", lambda _model: models.DateTimeField(editable=False, null=True)),
        *added(
            "withdrawn_because",
            lambda _model: models.CharField(
                choices=BECAUSE, editable=False, max_length=12, null=True
            ),
        ),
        *added("withdrawn_by", by),
        *added(
            "withdrawn_note",
            lambda _model: encryption.fields.SealedTextField(
                label="enquiry.withdrawn_note", null=True
            ),
        ),
        *(
            migrations.AlterField(
                model_name=model,
                name="status",
                field=models.CharField(
                    choices=[
                        ("sent", "Waiting to be taken"),
                        ("taken", "Being answered"),
                        ("answered", "Answered"),
                        ("withdrawn", "Withdrawn"),
                    ],
                    editable=False,
                    max_length=10,
                ),
            )
            for model in MODELS
        ),
        migrations.AddConstraint(
            model_name="agencycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", False),
                        ("status", "answered"),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    models.Q(
                        ("answered_at", None),
                        ("outcome", ""),
                        ("status__in", ["sent", "taken", "withdrawn"]),
                    ),
                    _connector="OR",
                ),
                name="enquiry_answered_with_an_outcome_at_some_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="agencycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status", "withdrawn"),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_because__isnull", False),
                        ("withdrawn_by__isnull", False),
                    ),
                    models.Q(
                        models.Q(("status", "withdrawn"), _negated=True),
                        ("withdrawn_at", None),
                        ("withdrawn_because", None),
                        ("withdrawn_by", None),
                    ),
                    _connector="OR",
                ),
                name="enquiry_withdrawn_by_somebody_for_a_reason",
            ),
        ),
        PLACES,
        # SQLite makes the tables anew, and loses their triggers with the old ones.
        frozen_again("requests_app_enquiry", events=("DELETE",)),
        frozen_again("requests_app_historicalenquiry"),
    ]
