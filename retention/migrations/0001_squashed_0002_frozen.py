"""What was said, held, lifted, destroyed or stated stays as it was; the database refuses the rest."""

import django.db.models.deletion
import encryption.fields
import retention.disposal.models
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.append_only import frozen
from workflow.migration_operations import AtOnce

HISTORIES = ["disposal", "disposallist", "disposalstatement", "hold", "purposeserved", "schedule"]
SETTLED = {
    "disposal": "'kept', 'destroyed'",
    "disposallist": "'cancelled', 'done'",
    "disposalstatement": "'disposed'",
    "hold": "'lifted'",
    "purposeserved": "'taken_back'",
    "schedule": "'ended'",
}


class Migration(migrations.Migration):
    replaces = [
        ("retention", "0001_initial"),
        ("retention", "0002_frozen"),
    ]
    initial = True
    dependencies = [
        ("agencies", "0001_squashed_0005_roles_in_the_ledger"),
        ("requests_app", "0001_squashed_0005_released_at"),
    ]
    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name='DisposalList',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('listed', 'Waiting for a second person'), ('refused', 'Refused by the second person'), ('approved', 'Approved, waiting'), ('cancelled', 'Cancelled'), ('done', 'Carried out')], editable=False, max_length=10)),
                        ('reference', models.CharField(default=retention.disposal.models.new_reference, editable=False, max_length=12, unique=True)),
                        ('listed_at', models.DateTimeField(auto_now_add=True)),
                        ('not_before', models.DateTimeField(editable=False, null=True)),
                        ('approved_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                        ('listed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'disposal list',
                        'ordering': ['-listed_at'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['listed', 'refused', 'cancelled']), models.Q(('approved_by__isnull', False), ('not_before__isnull', False), models.Q(('approved_by', models.F('listed_by')), _negated=True)), _connector='OR'), name='disposal_list_approved_by_another')],
                    },
                ),
                migrations.CreateModel(
                    name='Disposal',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('listed', 'Listed'), ('kept', 'Taken off the list'), ('destroying', 'Being destroyed'), ('destroyed', 'Destroyed')], editable=False, max_length=10)),
                        ('reference', models.CharField(editable=False, max_length=12)),
                        ('due_on', models.DateField(editable=False)),
                        ('because', models.CharField(choices=[('served', 'The purpose was served'), ('closed', 'The request was closed'), ('last_contact', 'The last change in the record'), ('birth', "The child's date of birth")], editable=False, max_length=15)),
                        ('destroyed_at', models.DateTimeField(editable=False, null=True)),
                        ('tokens', models.PositiveIntegerField(default=0, editable=False)),
                        ('files', models.PositiveIntegerField(default=0, editable=False)),
                        ('key_gone_on', models.DateField(editable=False, null=True)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='requests_app.informationrequest')),
                        ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='retention.disposallist')),
                    ],
                    options={
                        'verbose_name': 'disposal',
                        'ordering': ['reference'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'kept'), _negated=True), fields=('case',), name='disposal_one_of_a_record'), models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', False), ('key_gone_on__isnull', False), ('status', 'destroyed')), models.Q(models.Q(('status', 'destroyed'), _negated=True), ('destroyed_at', None), ('key_gone_on', None)), _connector='OR'), name='disposal_destroyed_at_some_time')],
                    },
                ),
                migrations.CreateModel(
                    name='DisposalStatement',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('asked', 'Not yet answered'), ('disposed', 'Disposed of'), ('kept', 'Kept, with a reason')], editable=False, max_length=10)),
                        ('reference', models.CharField(editable=False, max_length=12)),
                        ('asked_at', models.DateTimeField(editable=False)),
                        ('said_at', models.DateTimeField(editable=False, null=True)),
                        ('kept_because', models.CharField(blank=True, choices=[('own_record', 'It is part of our own record, under our own schedule'), ('court', "Court proceedings, or a court's order"), ('inquiry', 'Public inquiry')], default='', max_length=12)),
                        ('kept_until', models.DateField(blank=True, null=True)),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='requests_app.informationrequest')),
                        ('said_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'statement of disposal',
                        'ordering': ['asked_at'],
                        'constraints': [models.UniqueConstraint(fields=('case', 'agency'), name='statement_one_an_agency'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'kept'), _negated=True), models.Q(('kept_until__isnull', False), models.Q(('kept_because', ''), _negated=True)), _connector='OR'), name='statement_kept_says_why_and_until_when'), models.CheckConstraint(condition=models.Q(models.Q(('said_at', None), ('said_by', None), ('status', 'asked')), models.Q(('said_at__isnull', False), ('said_by__isnull', False), ('status__in', ['disposed', 'kept'])), _connector='OR'), name='statement_answered_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalDisposal',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('listed', 'Listed'), ('kept', 'Taken off the list'), ('destroying', 'Being destroyed'), ('destroyed', 'Destroyed')], editable=False, max_length=10)),
                        ('reference', models.CharField(editable=False, max_length=12)),
                        ('due_on', models.DateField(editable=False)),
                        ('because', models.CharField(choices=[('served', 'The purpose was served'), ('closed', 'The request was closed'), ('last_contact', 'The last change in the record'), ('birth', "The child's date of birth")], editable=False, max_length=15)),
                        ('destroyed_at', models.DateTimeField(editable=False, null=True)),
                        ('tokens', models.PositiveIntegerField(default=0, editable=False)),
                        ('files', models.PositiveIntegerField(default=0, editable=False)),
                        ('key_gone_on', models.DateField(editable=False, null=True)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests_app.informationrequest')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('list', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='retention.disposallist')),
                    ],
                    options={
                        'verbose_name': 'historical disposal',
                        'verbose_name_plural': 'historical disposals',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalDisposalList',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('listed', 'Waiting for a second person'), ('refused', 'Refused by the second person'), ('approved', 'Approved, waiting'), ('cancelled', 'Cancelled'), ('done', 'Carried out')], editable=False, max_length=10)),
                        ('reference', models.CharField(db_index=True, default=retention.disposal.models.new_reference, editable=False, max_length=12)),
                        ('listed_at', models.DateTimeField(blank=True, editable=False)),
                        ('not_before', models.DateTimeField(editable=False, null=True)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('approved_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('desk', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('listed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical disposal list',
                        'verbose_name_plural': 'historical disposal lists',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalDisposalStatement',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('asked', 'Not yet answered'), ('disposed', 'Disposed of'), ('kept', 'Kept, with a reason')], editable=False, max_length=10)),
                        ('reference', models.CharField(editable=False, max_length=12)),
                        ('asked_at', models.DateTimeField(editable=False)),
                        ('said_at', models.DateTimeField(editable=False, null=True)),
                        ('kept_because', models.CharField(blank=True, choices=[('own_record', 'It is part of our own record, under our own schedule'), ('court', "Court proceedings, or a court's order"), ('inquiry', 'Public inquiry')], default='', max_length=12)),
                        ('kept_until', models.DateField(blank=True, null=True)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests_app.informationrequest')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('said_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical statement of disposal',
                        'verbose_name_plural': 'historical statement of disposals',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalHold',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('on', 'On hold'), ('lifted', 'Lifted')], editable=False, max_length=10)),
                        ('reason', models.CharField(choices=[('inquiry', 'Public inquiry'), ('court', "Court proceedings, or a court's order"), ('review', 'Rapid review or safeguarding practice review'), ('complaint', 'Complaint or investigation'), ('access', 'Subject access request')], max_length=10)),
                        ('in_words', encryption.fields.SealedTextField(label='hold.in_words')),
                        ('review_on', models.DateField()),
                        ('placed_at', models.DateTimeField(blank=True, editable=False)),
                        ('lifted_at', models.DateTimeField(editable=False, null=True)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests_app.informationrequest')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical hold',
                        'verbose_name_plural': 'historical holds',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalPurposeServed',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('said', 'The purpose is served'), ('taken_back', 'Taken back')], editable=False, max_length=12)),
                        ('said_at', models.DateTimeField(editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests_app.informationrequest')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical purpose served',
                        'verbose_name_plural': 'historical purpose serveds',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalSchedule',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('current', 'Current'), ('ended', 'Ended')], editable=False, max_length=10)),
                        ('record_class', models.CharField(choices=[('asked', 'Requests it made, and what was released to it'), ('answered', 'Agency checks put to it, and its decisions'), ('triaged', 'Requests it triaged as the front door')], max_length=10)),
                        ('starts', models.CharField(choices=[('served', 'The purpose was served'), ('closed', 'The request was closed'), ('last_contact', 'The last change in the record'), ('birth', "The child's date of birth")], max_length=15)),
                        ('months', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('reason', models.TextField(blank=True, default='')),
                        ('review_on', models.DateField(blank=True, null=True)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical retention schedule',
                        'verbose_name_plural': 'historical retention schedules',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='Hold',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('on', 'On hold'), ('lifted', 'Lifted')], editable=False, max_length=10)),
                        ('reason', models.CharField(choices=[('inquiry', 'Public inquiry'), ('court', "Court proceedings, or a court's order"), ('review', 'Rapid review or safeguarding practice review'), ('complaint', 'Complaint or investigation'), ('access', 'Subject access request')], max_length=10)),
                        ('in_words', encryption.fields.SealedTextField(label='hold.in_words')),
                        ('review_on', models.DateField()),
                        ('placed_at', models.DateTimeField(auto_now_add=True)),
                        ('lifted_at', models.DateTimeField(editable=False, null=True)),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='requests_app.informationrequest')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'hold',
                        'ordering': ['placed_at'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('status', 'on')), models.Q(('lifted_at__isnull', False), ('status', 'lifted')), _connector='OR'), name='hold_lifted_at_some_time')],
                    },
                ),
                migrations.CreateModel(
                    name='PurposeServed',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('said', 'The purpose is served'), ('taken_back', 'Taken back')], editable=False, max_length=12)),
                        ('said_at', models.DateTimeField(editable=False)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='requests_app.informationrequest')),
                    ],
                    options={
                        'verbose_name': 'purpose served',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'said')), fields=('case',), name='purpose_served_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Schedule',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('current', 'Current'), ('ended', 'Ended')], editable=False, max_length=10)),
                        ('record_class', models.CharField(choices=[('asked', 'Requests it made, and what was released to it'), ('answered', 'Agency checks put to it, and its decisions'), ('triaged', 'Requests it triaged as the front door')], max_length=10)),
                        ('starts', models.CharField(choices=[('served', 'The purpose was served'), ('closed', 'The request was closed'), ('last_contact', 'The last change in the record'), ('birth', "The child's date of birth")], max_length=15)),
                        ('months', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('reason', models.TextField(blank=True, default='')),
                        ('review_on', models.DateField(blank=True, null=True)),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                    ],
                    options={
                        'verbose_name': 'retention schedule',
                        'ordering': ['agency__name', 'record_class'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'current')), fields=('agency', 'record_class'), name='schedule_one_for_an_agency_and_class'), models.CheckConstraint(condition=models.Q(('months__isnull', False), models.Q(('review_on__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='schedule_without_end_says_why_and_is_reviewed')],
                    },
                ),
                migrations.CreateModel(
                    name='StatementReminder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('which', models.PositiveSmallIntegerField()),
                        ('sent_at', models.DateTimeField(auto_now_add=True)),
                        ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='retention.disposalstatement')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('statement', 'which'), name='statement_reminder_once_a_time')],
                    },
                ),
                *[frozen(f"retention_historical{name}") for name in HISTORIES],
                *[
                    frozen(f"retention_{name}", when=f"OLD.status IN ({states})", events=("UPDATE",))
                    for name, states in SETTLED.items()
                ],
                *[frozen(f"retention_{name}", events=("DELETE",)) for name in SETTLED],
                frozen("retention_statementreminder"),
            ]
        )
    ]
