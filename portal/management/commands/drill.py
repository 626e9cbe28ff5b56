"""``manage.py drill``: whether the newest backup can be used, shown by using it elsewhere."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backups.drilling import drill
from backups.errors import BackupFault
from backups.places import places
from workflow.progress import Progress


class Command(BaseCommand):
    """Makes databases of its own on the same servers, and drops them whatever happens."""

    help = (
        "Restore the newest sets into databases of their own, replay the disposals, verify the "
        "ledger, open all that is sealed, and write down how that went."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", default="", help="instead of BACKUP_DATA_DIR or _BUCKET")
        parser.add_argument(
            "--keystore", default="", help="instead of BACKUP_KEYSTORE_DIR or _BUCKET"
        )

    def handle(self, *_args: Any, data: Any, keystore: Any, **_options: Any) -> None:
        progress = Progress("Seconds of this step")
        try:
            row = drill(places(data, keystore), step=progress)
        except BackupFault as fault:
            raise CommandError(str(fault)) from None
        finally:
            progress.end()
        self.stdout.write(
            f"Passed in {row.took.total_seconds():,.0f} seconds. The backup of "
            f"{row.made_at:%d %B %Y %H:%M} UTC came back with {row.rows:,} rows, {row.files:,} "
            f"files and {row.leaves:,} signed leaves; {row.disposals:,} disposals were replayed "
            f"and {row.opened:,} sealed things opened."
        )
