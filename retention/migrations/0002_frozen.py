"""What was said, held, lifted, destroyed or stated stays as it was; the database refuses the rest."""

from django.db import migrations

from audit.append_only import frozen

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
    dependencies = [("retention", "0001_initial")]

    operations = [
        *[frozen(f"retention_historical{name}") for name in HISTORIES],
        *[
            frozen(f"retention_{name}", when=f"OLD.status IN ({states})", events=("UPDATE",))
            for name, states in SETTLED.items()
        ],
        *[frozen(f"retention_{name}", events=("DELETE",)) for name in SETTLED],
        frozen("retention_statementreminder"),
    ]
