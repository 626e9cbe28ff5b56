"""Who at the front door has a request (docs/adr/0120), also beside its place in the inbox."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.append_only import frozen_again
from requests_app.triage.places import keeping_owners

NO_OWNERS, OWNERS = keeping_owners()


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0008_vetting"),
        ("requests_app", "0012_inbox_place"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NO_OWNERS,
        migrations.AddField(
            model_name="historicalinformationrequest",
            name="owned_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="historicalinformationrequest",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="inboxplace",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="informationrequest",
            name="owned_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="informationrequest",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="inboxplace",
            index=models.Index(
                condition=models.Q(("place__lt", 4)),
                fields=["desk", "urgency", "due_at", "sent_at", "case"],
                name="inbox_to_do",
            ),
        ),
        migrations.AddIndex(
            model_name="inboxplace",
            index=models.Index(
                condition=models.Q(("place__lt", 6)),
                fields=["desk", "owner", "urgency", "due_at", "sent_at", "case"],
                name="inbox_of_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="inboxplace",
            index=models.Index(
                condition=models.Q(("place__lt", 6)),
                fields=["desk", "due_at", "sent_at", "case"],
                name="inbox_by_due_time",
            ),
        ),
        migrations.AddIndex(
            model_name="inboxplace",
            index=models.Index(
                condition=models.Q(("place__lt", 6)),
                fields=["desk", "sent_at", "case"],
                name="inbox_by_when_it_came",
            ),
        ),
        OWNERS,
        # SQLite loses them on the way back, where it makes the tables anew.
        frozen_again(
            "requests_app_informationrequest",
            when="OLD.status <> 'draft' AND (OLD.requested_by_id <> NEW.requested_by_id"
            " OR OLD.agency_id <> NEW.agency_id OR OLD.desk_id <> NEW.desk_id)",
            events=("UPDATE",),
        ),
        frozen_again("requests_app_informationrequest", events=("DELETE",)),
        frozen_again("requests_app_historicalinformationrequest"),
    ]
