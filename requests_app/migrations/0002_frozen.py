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

KEPT = HISTORIES  # no row of a case is ever deleted; disposal destroys its key instead


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0001_initial")]

    operations = [
        # Whose request it is stands once it is sent: everybody's reach follows from it.
        frozen(
            "requests_app_informationrequest",
            when="OLD.status <> 'draft' AND (OLD.requested_by_id <> NEW.requested_by_id"
            " OR OLD.agency_id <> NEW.agency_id OR OLD.desk_id <> NEW.desk_id)",
            events=("UPDATE",),
        ),
        *[frozen(f"requests_app_{name}", events=("DELETE",)) for name in KEPT],
        frozen(
            "requests_app_item",
            when="OLD.status IN ('offered', 'withheld')",
            events=("UPDATE",),
        ),
        frozen("requests_app_receipt", events=("UPDATE",)),
        frozen("requests_app_release", events=("UPDATE",)),
        frozen("requests_app_releaseditem", events=("UPDATE",)),
        frozen("requests_app_releasedanswer", events=("UPDATE",)),
        *[frozen(f"requests_app_historical{name}") for name in HISTORIES],
    ]
