"""The ledger is only ever added to; a leaf gets its place once, and nothing else of it changes."""

from django.db import migrations

from audit.append_only import frozen


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_ledger")]

    operations = [
        frozen("audit_leaf", events=("DELETE",)),
        frozen(
            "audit_leaf",
            when=(
                "OLD.leaf_index IS NOT NULL OR NEW.leaf_index IS NULL OR NEW.id <> OLD.id"
                " OR NEW.kind <> OLD.kind OR NEW.entry <> OLD.entry OR NEW.body <> OLD.body"
            ),
            events=("UPDATE",),
        ),
        frozen("audit_signedcheckpoint"),
        frozen("audit_signatory"),
        frozen("audit_tile", events=("DELETE",)),
        frozen(
            "audit_tile",
            when=(
                "NEW.level <> OLD.level OR NEW.number <> OLD.number"
                " OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes"
            ),
            events=("UPDATE",),
        ),
    ]
