"""What was asked, by whom and for whom stands, and so does how it ended."""

from django.db import migrations

from audit.append_only import frozen


class Migration(migrations.Migration):
    dependencies = [("signin", "0001_initial")]

    operations = [
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
