"""A leaf that is none gets no place, and nobody claims the number of one that is to come (M3)."""

import django.db.models.deletion
from django.db import migrations, models

from audit.append_only import frozen
from audit.intake import evidence_as_written


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0008_fixed_search_path'),
    ]

    operations = [
        migrations.CreateModel(
            name='SetAside',
            fields=[
                ('leaf', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='set_aside', serialize=False, to='audit.leaf')),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'leaves set aside',
            },
        ),
        frozen("audit_setaside"),
        evidence_as_written(),
    ]
