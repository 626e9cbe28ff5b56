"""What was made and how drills went is only ever added to."""

import datetime
from django.db import migrations, models

from audit.append_only import frozen
from workflow.migration_operations import AtOnce



class Migration(migrations.Migration):
    replaces = [
        ("backups", "0001_initial"),
        ("backups", "0002_append_only"),
    ]
    initial = True
    dependencies = []
    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name='Drill',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('failed_at', models.CharField(blank=True, choices=[('find', 'finding the backup'), ('restore', 'restoring it'), ('prove', 'replaying the disposals and verifying the ledger'), ('open', 'opening what is sealed')], max_length=7)),
                        ('made_at', models.DateTimeField(null=True)),
                        ('rows', models.BigIntegerField(default=0)),
                        ('files', models.BigIntegerField(default=0)),
                        ('leaves', models.BigIntegerField(default=0)),
                        ('disposals', models.BigIntegerField(default=0)),
                        ('opened', models.BigIntegerField(default=0)),
                        ('took', models.DurationField(default=datetime.timedelta)),
                    ],
                    options={
                        'ordering': ['-at', '-id'],
                    },
                ),
                migrations.CreateModel(
                    name='Backup',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('data', 'Data and files'), ('keystore', 'Keystore')], max_length=8)),
                        ('name', models.CharField(max_length=40)),
                        ('at', models.DateTimeField()),
                        ('size', models.BigIntegerField()),
                    ],
                    options={
                        'ordering': ['-at', '-id'],
                        'indexes': [models.Index(fields=['kind', '-at'], name='backups_by_kind')],
                    },
                ),
                frozen("backups_backup"),
                frozen("backups_drill"),
            ]
        )
    ]
