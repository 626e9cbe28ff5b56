"""What decides access keeps its history, and no row of it is taken away (ISA-7.1).

The database itself refuses it.
"""

from django.db import migrations

from audit.append_only import frozen

HISTORIES = [
    "acknowledgement",
    "agency",
    "closure",
    "contact",
    "guidance",
    "heldrole",
    "membership",
    "organisationalcheck",
    "partnership",
    "user",
]
NEVER_DELETED = [
    "acknowledgement",
    "agency",
    "closure",
    "contact",
    "guidance",
    "membership",
    "organisationalcheck",
]


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial")]

    operations = [
        *[frozen(f"agencies_historical{name}") for name in HISTORIES],
        *[frozen(f"agencies_{name}", events=("DELETE",)) for name in NEVER_DELETED],
    ]
