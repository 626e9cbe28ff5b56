"""``manage.py backup``: make a set of each kind, or the keys for that, or say what there is."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from backups.errors import BackupFault
from backups.keys import create_keys, making_dir, opening_dir
from backups.making import make_backup, note_backup
from backups.places import Places, places
from backups.pruning import needed, prune, sets
from workflow.progress import Progress


class Command(BaseCommand):
    """One word a task; without one, a backup (docs/backup.md)."""

    help = (
        "make: back up data with files, and keystore, each sealed and in its place, then remove "
        "what is past its time. create-keys: the keys for it, once. list: the sets there are."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what", nargs="?", default="make", choices=["make", "create-keys", "list"]
        )
        parser.add_argument("--data", default="", help="instead of BACKUP_DATA_DIR or _BUCKET")
        parser.add_argument(
            "--keystore", default="", help="instead of BACKUP_KEYSTORE_DIR or _BUCKET"
        )

    def handle(self, *_args: Any, what: str, data: Any, keystore: Any, **_options: Any) -> None:
        try:
            if what == "create-keys":
                self.create_keys()
            elif what == "list":
                self.list(places(data, keystore))
            else:
                self.make(places(data, keystore))
        except BackupFault as fault:
            raise CommandError(str(fault)) from None

    def create_keys(self) -> None:
        create_keys()
        self.stdout.write(
            f"Made the keys. What makes backups is in {making_dir()}.\n"
            f"What opens them is in {opening_dir()}: copy that to two safe places away from this "
            "machine, and take it off this one unless the nightly drill runs here. Without it no "
            "backup can be opened."
        )

    def make(self, where: Places) -> None:
        faults = []
        try:
            self.copy(where)
        except BackupFault as fault:
            faults.append(str(fault))
        # Also after one that failed: what was destroyed lives on in what is past its time.
        keep = needed(where)
        for kind, place in where.items():
            try:
                for gone in prune(place, kind, keep=keep):
                    self.stdout.write(f"Removed {gone.name}, which was past its time.")
            except BackupFault as fault:
                faults.append(str(fault))
        if faults:
            raise BackupFault("\n".join(faults))
        self.stdout.write(
            "Not in them, and to be kept apart: the key ring, the ledger's signing key and the "
            "register of disposals."
        )

    def copy(self, where: Places) -> None:
        progress = Progress("Bytes copied")
        try:
            made = make_backup(where, step=progress)
        finally:
            progress.end()
        for said in made:
            self.stdout.write(
                f"{said.kind}: {sum(said.counts.values()):,} rows, {said.sealed_files:,} files, "
                f"{said.size:,} bytes in {where[said.kind] / f'{said.kind}-{said.name}'}"
            )
        try:
            for said in made:
                note_backup(said)
        except Error as fault:
            raise BackupFault(
                "The backup was made, and could not be written down for the status page "
                f"({type(fault).__name__})."
            ) from None

    def list(self, where: Places) -> None:
        for kind, place in where.items():
            found = sets(place, kind)
            self.stdout.write(f"{kind}, in {place}: {len(found)}")
            for folder, said in found:
                hours = (datetime.now(UTC) - said.when).total_seconds() / 3600
                self.stdout.write(f"  {folder.name}: {said.size:,} bytes, {hours:,.0f} hours old")
