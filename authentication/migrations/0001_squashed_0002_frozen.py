"""What was asked, by whom and for whom stands, and so does how it ended."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.append_only import frozen
from workflow.migration_operations import AtOnce



class Migration(migrations.Migration):
    replaces = [
        ("signin", "0001_initial"),
        ("signin", "0002_frozen"),
    ]
    initial = True
    dependencies = [
        ("agencies", "0001_squashed_0005_roles_in_the_ledger"),
    ]
    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name='HistoricalFactorReset',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('asked', 'Waiting for a second person'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='asked', editable=False, max_length=20)),
                        ('known', models.CharField(choices=[('met', 'I met them in person'), ('called', 'I called them back on a number that I knew before'), ('video', 'I saw them in a video call and know them')], max_length=10, verbose_name='how you know that it is them')),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('asked_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical reset of second factors',
                        'verbose_name_plural': 'historical reset of second factorss',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='FactorReset',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('asked', 'Waiting for a second person'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='asked', editable=False, max_length=20)),
                        ('known', models.CharField(choices=[('met', 'I met them in person'), ('called', 'I called them back on a number that I knew before'), ('video', 'I saw them in a video call and know them')], max_length=10, verbose_name='how you know that it is them')),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                        ('asked_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='factor_resets', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'reset of second factors',
                        'ordering': ['-asked_at'],
                        'indexes': [models.Index(fields=['agency', 'status', '-asked_at'], name='reset_open')],
                    },
                ),
                migrations.CreateModel(
                    name='UsedCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('of', models.CharField(max_length=40)),
                        ('number', models.BigIntegerField()),
                        ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('user', 'of', 'number'), name='used_code_once')],
                    },
                ),
                frozen("signin_historicalfactorreset"),
                frozen("signin_factorreset", events=("DELETE",)),
                frozen(
                    "signin_factorreset",
                    when="OLD.status <> 'asked' OR OLD.person_id <> NEW.person_id"
                    " OR OLD.agency_id <> NEW.agency_id OR OLD.asked_by_id <> NEW.asked_by_id"
                    " OR OLD.asked_at <> NEW.asked_at OR OLD.known <> NEW.known",
                    events=("UPDATE",),
                ),
            ]
        )
    ]
