"""What waits for a second person; who proposed what stands, and so does how it ended."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.append_only import frozen


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_squashed_0005_roles_in_the_ledger'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalProposal',
            fields=[
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('status', models.CharField(choices=[('proposed', 'Waiting for a second person'), ('confirmed', 'Confirmed'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='proposed', editable=False, max_length=20)),
                ('role', models.CharField(blank=True, choices=[('requester', 'Requester'), ('ifd_officer', 'Front door officer'), ('spoc', 'Single point of contact'), ('manager', 'Responsible manager'), ('adviser', 'Information governance lead'), ('partner', 'Safeguarding partner'), ('administrator', 'Administrator')], max_length=20, verbose_name='role')),
                ('domain', models.CharField(blank=True, max_length=253, verbose_name='e-mail domain')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('membership', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.membership')),
                ('proposed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical proposal',
                'verbose_name_plural': 'historical proposals',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('status', models.CharField(choices=[('proposed', 'Waiting for a second person'), ('confirmed', 'Confirmed'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='proposed', editable=False, max_length=20)),
                ('role', models.CharField(blank=True, choices=[('requester', 'Requester'), ('ifd_officer', 'Front door officer'), ('spoc', 'Single point of contact'), ('manager', 'Responsible manager'), ('adviser', 'Information governance lead'), ('partner', 'Safeguarding partner'), ('administrator', 'Administrator')], max_length=20, verbose_name='role')),
                ('domain', models.CharField(blank=True, max_length=253, verbose_name='e-mail domain')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='agencies.agency')),
                ('membership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='agencies.membership')),
                ('proposed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-proposed_at'],
                'indexes': [models.Index(fields=['agency', 'status', '-proposed_at'], name='proposal_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('domain', ''), ('membership__isnull', False), models.Q(('role', ''), _negated=True)), models.Q(('membership', None), ('role', ''), models.Q(('domain', ''), _negated=True)), _connector='OR'), name='proposal_is_of_a_role_or_a_domain'), models.UniqueConstraint(condition=models.Q(('domain', ''), ('status', 'proposed')), fields=('membership', 'role'), name='proposal_one_waits_for_a_role'), models.UniqueConstraint(condition=models.Q(('membership', None), ('status', 'proposed')), fields=('agency', 'domain'), name='proposal_one_waits_for_a_domain')],
            },
        ),
        frozen("agencies_historicalproposal"),
        frozen("agencies_proposal", events=("DELETE",)),
        frozen(
            "agencies_proposal",
            when="OLD.status <> 'proposed' OR OLD.agency_id <> NEW.agency_id"
            " OR OLD.membership_id IS DISTINCT FROM NEW.membership_id OR OLD.role <> NEW.role"
            " OR OLD.domain <> NEW.domain OR OLD.proposed_by_id IS DISTINCT FROM NEW.proposed_by_id"
            " OR OLD.proposed_at <> NEW.proposed_at",
            events=("UPDATE",),
        ),
    ]
