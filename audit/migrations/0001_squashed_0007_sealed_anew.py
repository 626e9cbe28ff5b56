"""Evidence and its ledger, only ever added to: the database itself refuses the rest."""

from django.db import migrations, models

from audit.append_only import frozen, functions_as_now



class Migration(migrations.Migration):
    replaces = [
        ("audit", "0001_initial"),
        ("audit", "0002_append_only"),
        ("audit", "0003_exported"),
        ("audit", "0004_ledger"),
        ("audit", "0005_ledger_append_only"),
        ("audit", "0006_placed_by_the_sequencer"),
        ("audit", "0007_sealed_anew"),
    ]
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name='AccessEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('person', models.CharField(max_length=64)),
                ('agency', models.CharField(max_length=64)),
                ('case_id', models.UUIDField(null=True)),
                ('thing', models.CharField(max_length=64)),
                ('thing_id', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('opened', 'Opened'), ('downloaded', 'Downloaded a file'), ('searched', 'Looked for possible matches'), ('exported', 'Took out a copy'), ('printed', 'Printed'), ('refused', 'Was refused')], max_length=12)),
                ('may', models.CharField(max_length=40)),
            ],
            options={
                'verbose_name_plural': 'access entries',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['case_id', '-id'], name='access_of_case'), models.Index(fields=['person', '-id'], name='access_by_person')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('person', models.CharField(max_length=64)),
                ('agency', models.CharField(max_length=64)),
                ('case_id', models.UUIDField(null=True)),
                ('thing', models.CharField(max_length=64)),
                ('thing_id', models.CharField(max_length=64)),
                ('move', models.CharField(max_length=60)),
                ('before', models.CharField(blank=True, max_length=20)),
                ('after', models.CharField(max_length=20)),
                ('version', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('details', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['thing', 'thing_id', 'id'], name='event_of_thing'), models.Index(fields=['case_id', 'id'], name='event_of_case')],
            },
        ),
        migrations.CreateModel(
            name='Signatory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verifier', models.CharField(max_length=200, unique=True)),
                ('since', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name_plural': 'signatories',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SignedCheckpoint',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('note', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['size'],
            },
        ),
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('change', 'Change'), ('look', 'Look')], max_length=6)),
                ('entry', models.BigIntegerField()),
                ('body', models.TextField()),
                ('leaf_index', models.BigIntegerField(null=True, unique=True)),
            ],
            options={
                'verbose_name_plural': 'leaves',
                'indexes': [models.Index(condition=models.Q(('leaf_index', None)), fields=['id'], name='leaves_without_a_place')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'entry'), name='one_leaf_for_each_entry')],
            },
        ),
        migrations.CreateModel(
            name='Tile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('number', models.BigIntegerField()),
                ('hashes', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('level', 'number'), name='one_tile_a_place')],
            },
        ),
        frozen("audit_event"),
        frozen("audit_accessentry"),
        frozen("audit_leaf", events=("DELETE",)),
        # A leaf gets its place once, from the sequencer, and nothing else of it changes.
        frozen(
            "audit_leaf",
            when=(
                "OLD.leaf_index IS NOT NULL OR NEW.leaf_index IS NULL OR NEW.id <> OLD.id"
                " OR NEW.kind <> OLD.kind OR NEW.entry <> OLD.entry OR NEW.body <> OLD.body"
            ),
            events=("UPDATE",),
        ),
        frozen("audit_leaf", when="NEW.leaf_index IS NOT NULL", events=("INSERT",)),
        frozen("audit_signedcheckpoint"),
        frozen("audit_signatory"),
        frozen("audit_tile", events=("DELETE",)),
        frozen(
            "audit_tile",
            when=(
                "NEW.level <> OLD.level OR NEW.number <> OLD.number"
                " OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes"
            ),
            events=("UPDATE",),
        ),
        functions_as_now(),
    ]
