"""When a person last got one of the letters of which there is one an hour (docs/adr/0127)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0002_lastrun"),
    ]

    operations = [
        migrations.CreateModel(
            name="LastLetter",
            fields=[
                ("person", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(null=True)),
            ],
        ),
    ]
