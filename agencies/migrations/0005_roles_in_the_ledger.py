"""Roles and the partnership's row from before are put into the ledger, with their history.

They are written down as they are now, which proves nothing about the time before. A history row
is never changed, so one that gives no reason keeps none.
"""

from django.db import migrations


def put_into_ledger(apps, schema_editor):
    """A change and its leaf for each history row, oldest first."""
    for name in ("HeldRole", "Partnership"):
        past = apps.get_model("agencies", f"Historical{name}")
        model = apps.get_model("agencies", name)
        for row in past.objects.order_by("history_id").iterator():
            _put(apps, model, row)


def _put(apps, model, row):
    from audit.ledger.leaves import canonical, moment
    from encryption.fingerprints import plain_digest
    from encryption.models import sealed_digest

    values = {each.attname: getattr(row, each.attname) for each in model._meta.concrete_fields}
    copied = model(**values)
    event = apps.get_model("audit", "Event").objects.create(
        person=str(row.history_user_id or ""),
        agency=str(row.history_agency_id or ""),
        thing=model._meta.label_lower,
        thing_id=str(copied.pk),
        move=f"{model._meta.model_name}.{row.history_change_reason}",
        after="gone" if row.history_type == "-" else "",
        version=0,
        digest=sealed_digest(copied),
    )
    body = {
        "v": 1,
        "kind": "change",
        "entry": event.pk,
        "at": moment(event.at),
        "person": event.person,
        "agency": event.agency,
        "case": None,
        "thing": event.thing,
        "thing_id": event.thing_id,
        "move": event.move,
        "before": "",
        "after": event.after,
        "version": 0,
        "digest": event.digest,
        "details": {},
        "row": plain_digest(model, values),
        "commit": "",
        "history": [row.history_id, moment(row.history_date)],
    }
    leaf = apps.get_model("audit", "Leaf")
    leaf.objects.create(kind="change", entry=event.pk, body=canonical(body))


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_signing_reminders"),
        ("audit", "0007_sealed_anew"),
    ]
    operations = [migrations.RunPython(put_into_ledger, migrations.RunPython.noop)]
