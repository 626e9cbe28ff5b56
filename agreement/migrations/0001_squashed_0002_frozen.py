"""What was proposed, agreed and signed stays as it was (ISA-5.3); the database refuses the rest."""

import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.append_only import frozen
from workflow.migration_operations import AtOnce

HISTORIES = ["agreementedition", "partneragreement", "signature", "suspension", "yearlyreview"]
NEVER_CHANGED = ["signature", "yearlyreview", "reviewreminder"]
NEVER_DELETED = ["agreementedition", "partneragreement", "suspension"]

WHAT_PARTNERS_AGREE_TO = (
    "number",
    "title",
    "changes",
    "text",
    "purposes",
    "conditions",
    "flow",
    "sign_by_days",
)
# Once it is no draft any more, what partners agree to is what it was; nothing is a draft again.
PROPOSED = "OLD.status <> 'draft' AND (NEW.status = 'draft' OR {})".format(
    " OR ".join(f"OLD.{column} <> NEW.{column}" for column in WHAT_PARTNERS_AGREE_TO)
)


class Migration(migrations.Migration):
    replaces = [
        ("agreement", "0001_initial"),
        ("agreement", "0002_frozen"),
    ]
    initial = True
    dependencies = [
        ("agencies", "0001_squashed_0005_roles_in_the_ledger"),
        # Not needed, but sooner: each step of these would draw up anew whatever models are there,
        # and before the tables below there are fewer.
        ("account", "0009_emailaddress_unique_primary_email"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sites", "0002_alter_domain_unique"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name='AgreementEdition',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Proposed to the statutory partners'), ('in_force', 'In force'), ('superseded', 'Replaced by a later edition'), ('withdrawn', 'Withdrawn')], default='draft', editable=False, max_length=20)),
                        ('number', models.PositiveSmallIntegerField(editable=False, unique=True)),
                        ('title', models.CharField(max_length=150, verbose_name='title')),
                        ('changes', models.TextField(blank=True, verbose_name='what changes, and why')),
                        ('text', models.TextField(verbose_name='text')),
                        ('purposes', models.JSONField(default=list, verbose_name='purposes')),
                        ('conditions', models.JSONField(default=list, verbose_name='special category conditions')),
                        ('flow', models.CharField(max_length=20, verbose_name='decision flow')),
                        ('flow_digest', models.CharField(blank=True, editable=False, max_length=64)),
                        ('sign_by_days', models.PositiveSmallIntegerField(default=90, verbose_name='time to sign anew')),
                        ('in_force_on', models.DateField(blank=True, editable=False, null=True)),
                        ('review_on', models.DateField(blank=True, editable=False, null=True)),
                        ('withdrawn_because', models.TextField(blank=True, editable=False)),
                    ],
                    options={
                        'verbose_name': 'edition of the agreement',
                        'verbose_name_plural': 'editions of the agreement',
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'in_force')), fields=('status',), name='edition_one_in_force'), models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('status',), name='edition_one_proposed'), models.CheckConstraint(condition=models.Q(models.Q(('in_force_on__isnull', False), ('review_on__isnull', False), ('status__in', ['in_force', 'superseded'])), models.Q(('in_force_on', None), ('status__in', ['draft', 'proposed', 'withdrawn'])), _connector='OR'), name='edition_in_force_from_a_day_and_to_be_reviewed')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalAgreementEdition',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Proposed to the statutory partners'), ('in_force', 'In force'), ('superseded', 'Replaced by a later edition'), ('withdrawn', 'Withdrawn')], default='draft', editable=False, max_length=20)),
                        ('number', models.PositiveSmallIntegerField(db_index=True, editable=False)),
                        ('title', models.CharField(max_length=150, verbose_name='title')),
                        ('changes', models.TextField(blank=True, verbose_name='what changes, and why')),
                        ('text', models.TextField(verbose_name='text')),
                        ('purposes', models.JSONField(default=list, verbose_name='purposes')),
                        ('conditions', models.JSONField(default=list, verbose_name='special category conditions')),
                        ('flow', models.CharField(max_length=20, verbose_name='decision flow')),
                        ('flow_digest', models.CharField(blank=True, editable=False, max_length=64)),
                        ('sign_by_days', models.PositiveSmallIntegerField(default=90, verbose_name='time to sign anew')),
                        ('in_force_on', models.DateField(blank=True, editable=False, null=True)),
                        ('review_on', models.DateField(blank=True, editable=False, null=True)),
                        ('withdrawn_because', models.TextField(blank=True, editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical edition of the agreement',
                        'verbose_name_plural': 'historical editions of the agreement',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalPartnerAgreement',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('agreed', 'Agrees'), ('disagreed', 'Does not agree'), ('void', 'Void: the edition was withdrawn')], default='agreed', editable=False, max_length=20)),
                        ('said_at', models.DateTimeField(editable=False)),
                        ('reasons', models.TextField(blank=True, verbose_name='reasons')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('edition', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agreement.agreementedition')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('said_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical agreement of a statutory partner',
                        'verbose_name_plural': 'historical agreement of a statutory partners',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalSignature',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('signed', 'Signed')], default='signed', editable=False, max_length=20)),
                        ('signed_on', models.DateField(editable=False)),
                        ('assessed_on', models.DateField(verbose_name='date of the assessment')),
                        ('assessed_by', models.CharField(max_length=150, verbose_name='who made the assessment')),
                        ('controls', models.TextField(verbose_name='controls')),
                        ('privacy_notice', models.URLField(blank=True, editable=False, max_length=300)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('edition', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agreement.agreementedition')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('signed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical signature',
                        'verbose_name_plural': 'historical signatures',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalSuspension',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('running', 'Running'), ('lifted', 'Lifted')], default='running', editable=False, max_length=20)),
                        ('reason', models.TextField(verbose_name='reason')),
                        ('begun_at', models.DateTimeField(editable=False)),
                        ('lifted_because', models.TextField(blank=True, editable=False)),
                        ('lifted_at', models.DateTimeField(editable=False, null=True)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('begun_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('lifted_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical suspension',
                        'verbose_name_plural': 'historical suspensions',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalYearlyReview',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('recorded', 'Recorded')], default='recorded', editable=False, max_length=20)),
                        ('due_on', models.DateField(editable=False)),
                        ('held_on', models.DateField(verbose_name='date of the review')),
                        ('outcome', models.CharField(choices=[('no_change', 'No change is needed'), ('change', 'The agreement has to change')], max_length=10, verbose_name='outcome')),
                        ('notes', models.TextField(verbose_name='what was considered')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('edition', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agreement.agreementedition')),
                        ('history_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.agency')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('leads_to', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agreement.agreementedition')),
                        ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical yearly review',
                        'verbose_name_plural': 'historical yearly reviews',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='PartnerAgreement',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('agreed', 'Agrees'), ('disagreed', 'Does not agree'), ('void', 'Void: the edition was withdrawn')], default='agreed', editable=False, max_length=20)),
                        ('said_at', models.DateTimeField(editable=False)),
                        ('reasons', models.TextField(blank=True, verbose_name='reasons')),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                        ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='said', to='agreement.agreementedition')),
                        ('said_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'agreement of a statutory partner',
                        'ordering': ['agency__name'],
                        'constraints': [models.UniqueConstraint(fields=('edition', 'agency'), name='agreement_one_a_partner')],
                    },
                ),
                migrations.CreateModel(
                    name='ReviewReminder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('due_on', models.DateField()),
                        ('which', models.CharField(max_length=20)),
                        ('posted_at', models.DateTimeField(auto_now_add=True)),
                        ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='agreement.agreementedition')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('edition', 'due_on', 'which'), name='reminder_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Signature',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('signed', 'Signed')], default='signed', editable=False, max_length=20)),
                        ('signed_on', models.DateField(editable=False)),
                        ('assessed_on', models.DateField(verbose_name='date of the assessment')),
                        ('assessed_by', models.CharField(max_length=150, verbose_name='who made the assessment')),
                        ('controls', models.TextField(verbose_name='controls')),
                        ('privacy_notice', models.URLField(blank=True, editable=False, max_length=300)),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='agencies.agency')),
                        ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='agreement.agreementedition')),
                        ('signed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-signed_on'],
                        'constraints': [models.UniqueConstraint(fields=('edition', 'agency'), name='signature_one_an_agency'), models.CheckConstraint(condition=models.Q(('assessed_on__lte', models.F('signed_on'))), name='signature_after_the_assessment')],
                    },
                ),
                migrations.CreateModel(
                    name='Suspension',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('running', 'Running'), ('lifted', 'Lifted')], default='running', editable=False, max_length=20)),
                        ('reason', models.TextField(verbose_name='reason')),
                        ('begun_at', models.DateTimeField(editable=False)),
                        ('lifted_because', models.TextField(blank=True, editable=False)),
                        ('lifted_at', models.DateTimeField(editable=False, null=True)),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='agencies.agency')),
                        ('begun_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('lifted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-begun_at'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'running')), fields=('agency',), name='suspension_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None), ('status', 'running')), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), ('status', 'lifted')), _connector='OR'), name='suspension_lifted_by_someone_at_some_time')],
                    },
                ),
                migrations.CreateModel(
                    name='YearlyReview',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('status', models.CharField(choices=[('recorded', 'Recorded')], default='recorded', editable=False, max_length=20)),
                        ('due_on', models.DateField(editable=False)),
                        ('held_on', models.DateField(verbose_name='date of the review')),
                        ('outcome', models.CharField(choices=[('no_change', 'No change is needed'), ('change', 'The agreement has to change')], max_length=10, verbose_name='outcome')),
                        ('notes', models.TextField(verbose_name='what was considered')),
                        ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='agreement.agreementedition')),
                        ('leads_to', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreement.agreementedition')),
                        ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-held_on'],
                        'constraints': [models.UniqueConstraint(fields=('edition', 'due_on'), name='review_one_a_due_date')],
                    },
                ),
                *[frozen(f"agreement_historical{name}") for name in HISTORIES],
                *[frozen(f"agreement_{name}") for name in NEVER_CHANGED],
                *[frozen(f"agreement_{name}", events=("DELETE",)) for name in NEVER_DELETED],
                frozen("agreement_agreementedition", when=PROPOSED, events=("UPDATE",)),
                frozen("agreement_suspension", when="OLD.status = 'lifted'", events=("UPDATE",)),
                frozen("agreement_partneragreement", when="OLD.status = 'void'", events=("UPDATE",)),
            ]
        )
    ]
