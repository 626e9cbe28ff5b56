"""Backups and drills as the status page shows them."""

from backups.models import Backup, Drill


def newest_backups() -> dict[str, Backup]:
    """The newest backup of each kind that there is one of."""
    rows = Backup.objects.order_by("kind", "-at", "-id")
    found: dict[str, Backup] = {}
    for kind in Backup.Kind.values:
        if row := rows.filter(kind=kind).first():
            found[kind] = row
    return found


def last_drill() -> Drill | None:
    """The last drill, however it went."""
    return Drill.objects.first()


def last_drill_that_passed() -> Drill | None:
    """The last one of which every step held."""
    return Drill.objects.filter(failed_at="").first()
