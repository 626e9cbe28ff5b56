"""Functions of triggers look for names where the session cannot put others (M1)."""

from django.db import migrations

from audit.append_only import functions_as_now


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_sealed_anew")]

    operations = [functions_as_now()]
