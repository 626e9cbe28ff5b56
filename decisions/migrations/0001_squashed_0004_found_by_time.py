"""A recorded decision never changes again: the database itself refuses it (P-RECORD)."""

import django.db.models.deletion
import encryption.fields
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.append_only import frozen, frozen_with
from workflow.migration_operations import AtOnce

HISTORIES = ["advicerequest", "answer", "decision", "point", "scrutiny", "weighed"]


def with_its_decision(table):
    """Rows that stand from the moment their decision is recorded."""
    return frozen_with(
        table, column="decision_id", parent="decisions_decision", status="recorded"
    )


class Migration(migrations.Migration):
    replaces = [
        ("decisions", "0001_initial"),
        ("decisions", "0002_frozen"),
        ("decisions", "0003_agreement"),
        ("decisions", "0004_found_by_time"),
    ]
    initial = True
    dependencies = [
        ("agencies", "0001_squashed_0005_roles_in_the_ledger"),
        ("agreement", "0001_squashed_0002_frozen"),
        ("requests_app", "0001_squashed_0005_released_at"),
    ]
    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name='Decision',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('open', 'Being made'), ('waiting', 'Waiting for advice'), ('recorded', 'Recorded')], editable=False, max_length=10)),
                        ('edition_name', models.CharField(editable=False, max_length=20)),
                        ('edition_digest', models.CharField(editable=False, max_length=64)),
                        ('outcome', models.CharField(blank=True, choices=[('share', 'Share'), ('no_share', 'Do not share')], editable=False, max_length=10)),
                        ('decided_at', models.DateTimeField(editable=False, null=True)),
                        ('entered_at', models.DateTimeField(editable=False, null=True)),
                        ('begun_at', models.DateTimeField(auto_now_add=True)),
                        ('lawful_basis', models.CharField(blank=True, max_length=30)),
                        ('condition', models.CharField(blank=True, max_length=30)),
                        ('ground', models.CharField(blank=True, max_length=30)),
                        ('ground_reason', encryption.fields.SealedTextField(blank=True, default='', label='decision.ground_reason')),
                        ('told', models.CharField(blank=True, max_length=3)),
                        ('told_on', encryption.fields.SealedDateField(label='decision.told_on', null=True)),
                        ('told_reason', encryption.fields.SealedTextField(blank=True, default='', label='decision.told_reason')),
                        ('because', encryption.fields.SealedTextField(blank=True, default='', label='decision.because')),
                        ('safety', encryption.fields.SealedTextField(blank=True, default='', label='decision.safety')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='requests_app.informationrequest')),
                        ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('enquiry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='requests_app.enquiry')),
                        ('supersedes', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='decisions.decision')),
                        ('items', models.ManyToManyField(related_name='+', through='decisions.Weighed', to='requests_app.item')),
                        ('agreement', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreement.agreementedition')),
                    ],
                    options={
                        'verbose_name': 'decision',
                        'ordering': ['begun_at'],
                        'indexes': [models.Index(fields=['-decided_at', '-id'], name='decision_latest'), models.Index(fields=['entered_at'], name='decision_entered_lately')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('entered_at__isnull', False), ('status', 'recorded'), models.Q(('outcome', ''), _negated=True)), models.Q(('decided_at', None), ('outcome', ''), ('status__in', ['open', 'waiting'])), _connector='OR'), name='decision_recorded_by_someone_at_some_time_with_an_outcome'), models.CheckConstraint(condition=models.Q(('decided_at', None), ('decided_at__lte', models.F('entered_at')), _connector='OR'), name='decision_made_before_it_was_entered')],
                    },
                ),
                migrations.CreateModel(
                    name='AdviceRequest',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('asked', 'Waiting for advice'), ('given', 'Advice given')], editable=False, max_length=10)),
                        ('step', models.CharField(max_length=40)),
                        ('question', encryption.fields.SealedTextField(label='advice.question')),
                        ('outcome', encryption.fields.SealedTextField(blank=True, default='', label='advice.outcome')),
                        ('asked_at', models.DateTimeField(auto_now_add=True)),
                        ('given_at', models.DateTimeField(editable=False, null=True)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='requests_app.informationrequest')),
                        ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='advice', to='decisions.decision')),
                    ],
                    options={
                        'verbose_name': 'request for advice',
                        'ordering': ['asked_at'],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalAdviceRequest',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('asked', 'Waiting for advice'), ('given', 'Advice given')], editable=False, max_length=10)),
                        ('step', models.CharField(max_length=40)),
                        ('question', encryption.fields.SealedTextField(label='advice.question')),
                        ('outcome', encryption.fields.SealedTextField(blank=True, default='', label='advice.outcome')),
                        ('asked_at', models.DateTimeField(blank=True, editable=False)),
                        ('given_at', models.DateTimeField(editable=False, null=True)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests_app.informationrequest')),
                        ('decision', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='decisions.decision')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical request for advice',
                        'verbose_name_plural': 'historical request for advices',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalAnswer',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('given', 'Given')], editable=False, max_length=10)),
                        ('step', models.CharField(max_length=40)),
                        ('choice', models.CharField(max_length=40)),
                        ('reasons', encryption.fields.SealedTextField(label='answer.reasons')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests_app.informationrequest')),
                        ('decision', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='decisions.decision')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical answer',
                        'verbose_name_plural': 'historical answers',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalDecision',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('open', 'Being made'), ('waiting', 'Waiting for advice'), ('recorded', 'Recorded')], editable=False, max_length=10)),
                        ('edition_name', models.CharField(editable=False, max_length=20)),
                        ('edition_digest', models.CharField(editable=False, max_length=64)),
                        ('outcome', models.CharField(blank=True, choices=[('share', 'Share'), ('no_share', 'Do not share')], editable=False, max_length=10)),
                        ('decided_at', models.DateTimeField(editable=False, null=True)),
                        ('entered_at', models.DateTimeField(editable=False, null=True)),
                        ('begun_at', models.DateTimeField(blank=True, editable=False)),
                        ('lawful_basis', models.CharField(blank=True, max_length=30)),
                        ('condition', models.CharField(blank=True, max_length=30)),
                        ('ground', models.CharField(blank=True, max_length=30)),
                        ('ground_reason', encryption.fields.SealedTextField(blank=True, default='', label='decision.ground_reason')),
                        ('told', models.CharField(blank=True, max_length=3)),
                        ('told_on', encryption.fields.SealedDateField(label='decision.told_on', null=True)),
                        ('told_reason', encryption.fields.SealedTextField(blank=True, default='', label='decision.told_reason')),
                        ('because', encryption.fields.SealedTextField(blank=True, default='', label='decision.because')),
                        ('safety', encryption.fields.SealedTextField(blank=True, default='', label='decision.safety')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests_app.informationrequest')),
                        ('decided_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('enquiry', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests_app.enquiry')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('supersedes', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='decisions.decision')),
                        ('agreement', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agreement.agreementedition')),
                    ],
                    options={
                        'verbose_name': 'historical decision',
                        'verbose_name_plural': 'historical decisions',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalPoint',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('considered', 'Considered')], editable=False, max_length=10)),
                        ('kind', models.CharField(choices=[('how', 'How to share'), ('caldicott', 'Caldicott principle')], max_length=10)),
                        ('code', models.CharField(max_length=20)),
                        ('is_met', models.BooleanField()),
                        ('explanation', encryption.fields.SealedTextField(blank=True, default='', label='point.explanation')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests_app.informationrequest')),
                        ('decision', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='decisions.decision')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical point',
                        'verbose_name_plural': 'historical points',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalScrutiny',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('open', 'Waiting for scrutiny'), ('accepted', 'Decision accepted'), ('reconsider', 'Agency asked to reconsider')], editable=False, max_length=10)),
                        ('reasons', encryption.fields.SealedTextField(blank=True, default='', label='scrutiny.reasons')),
                        ('opened_at', models.DateTimeField(blank=True, editable=False)),
                        ('closed_at', models.DateTimeField(editable=False, null=True)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests_app.informationrequest')),
                        ('decision', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='decisions.decision')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('partner', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                    ],
                    options={
                        'verbose_name': 'historical scrutiny',
                        'verbose_name_plural': 'historical scrutinies',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalWeighed',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('weighed', 'Weighed')], editable=False, max_length=10)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests_app.informationrequest')),
                        ('decision', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='decisions.decision')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('item', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests_app.item')),
                    ],
                    options={
                        'verbose_name': 'historical weighed',
                        'verbose_name_plural': 'historical weigheds',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='Weighed',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('weighed', 'Weighed')], editable=False, max_length=10)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='requests_app.informationrequest')),
                        ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='weighed', to='decisions.decision')),
                        ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='weighed', to='requests_app.item')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Answer',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('given', 'Given')], editable=False, max_length=10)),
                        ('step', models.CharField(max_length=40)),
                        ('choice', models.CharField(max_length=40)),
                        ('reasons', encryption.fields.SealedTextField(label='answer.reasons')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='requests_app.informationrequest')),
                        ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='decisions.decision')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('decision', 'step'), name='answer_one_row_a_step')],
                    },
                ),
                migrations.CreateModel(
                    name='Point',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('considered', 'Considered')], editable=False, max_length=10)),
                        ('kind', models.CharField(choices=[('how', 'How to share'), ('caldicott', 'Caldicott principle')], max_length=10)),
                        ('code', models.CharField(max_length=20)),
                        ('is_met', models.BooleanField()),
                        ('explanation', encryption.fields.SealedTextField(blank=True, default='', label='point.explanation')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='requests_app.informationrequest')),
                        ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='decisions.decision')),
                    ],
                    options={
                        'ordering': ['kind', 'code'],
                        'constraints': [models.UniqueConstraint(fields=('decision', 'kind', 'code'), name='point_one_row_each')],
                    },
                ),
                migrations.CreateModel(
                    name='Scrutiny',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('open', 'Waiting for scrutiny'), ('accepted', 'Decision accepted'), ('reconsider', 'Agency asked to reconsider')], editable=False, max_length=10)),
                        ('reasons', encryption.fields.SealedTextField(blank=True, default='', label='scrutiny.reasons')),
                        ('opened_at', models.DateTimeField(auto_now_add=True)),
                        ('closed_at', models.DateTimeField(editable=False, null=True)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='requests_app.informationrequest')),
                        ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='scrutiny', to='decisions.decision')),
                        ('partner', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                    ],
                    options={
                        'verbose_name': 'scrutiny',
                        'verbose_name_plural': 'scrutinies',
                        'ordering': ['opened_at'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('partner', None), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('closed_at__isnull', False), ('partner__isnull', False)), _connector='OR'), name='scrutiny_closed_by_a_partner_at_some_time')],
                        'indexes': [models.Index(fields=['status', 'opened_at'], name='scrutiny_waiting'), models.Index(fields=['-closed_at', 'id'], name='scrutiny_latest')],
                    },
                ),
                frozen("decisions_decision", when="OLD.status = 'recorded'", events=("UPDATE",)),
                *[frozen(f"decisions_{name}", events=("DELETE",)) for name in HISTORIES],
                with_its_decision("decisions_answer"),
                with_its_decision("decisions_point"),
                with_its_decision("decisions_weighed"),
                with_its_decision("decisions_advicerequest"),
                frozen("decisions_scrutiny", when="OLD.status <> 'open'", events=("UPDATE",)),
                *[frozen(f"decisions_historical{name}") for name in HISTORIES],
            ]
        )
    ]
