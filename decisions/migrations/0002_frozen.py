"""A recorded decision never changes again: the database itself refuses it (P-RECORD)."""

from django.db import migrations

from audit.append_only import frozen, frozen_with

HISTORIES = ["advicerequest", "answer", "decision", "point", "scrutiny", "weighed"]


def with_its_decision(table):
    """Rows that stand from the moment their decision is recorded."""
    return frozen_with(
        table, column="decision_id", parent="decisions_decision", status="recorded"
    )


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_initial")]

    operations = [
        frozen("decisions_decision", when="OLD.status = 'recorded'", events=("UPDATE",)),
        *[frozen(f"decisions_{name}", events=("DELETE",)) for name in HISTORIES],
        with_its_decision("decisions_answer"),
        with_its_decision("decisions_point"),
        with_its_decision("decisions_weighed"),
        with_its_decision("decisions_advicerequest"),
        frozen("decisions_scrutiny", when="OLD.status <> 'open'", events=("UPDATE",)),
        *[frozen(f"decisions_historical{name}") for name in HISTORIES],
    ]
