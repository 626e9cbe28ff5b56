"""What is settled stays, and history is only ever added to (P-RECORD, ISA-3.3)."""

from django.db import migrations

from audit.append_only import frozen

HISTORIES = [
    "attachment",
    "clarification",
    "consent",
    "enquiry",
    "informationrequest",
    "item",
    "need",
    "pause",
    "question",
    "receipt",
    "recipient",
    "release",
    "releasedanswer",
    "releaseditem",
    "subject",
    "triagecheck",
]


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0001_initial")]

    operations = [
        frozen("requests_app_item", when="OLD.status IN ('offered', 'withheld')"),
        frozen("requests_app_receipt"),
        frozen("requests_app_release"),
        frozen("requests_app_releaseditem"),
        frozen("requests_app_releasedanswer"),
        *[frozen(f"requests_app_historical{name}") for name in HISTORIES],
    ]
