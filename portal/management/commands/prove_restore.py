"""``manage.py prove_restore``: replay the disposals, verify the ledger, let it start."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from audit.ledger.notes import NoteFault
from backups.errors import BackupFault
from backups.proving import Proof, awaits_proof, prove, read_note
from encryption.errors import EncryptionFault
from workflow.progress import Progress

LOST = (
    "THE LEDGER THAT WAS RESTORED ENDS AT {here:,} LEAVES; PARTNERS HOLD {there:,}. What was "
    "recorded in the {lost:,} between is lost. Tell every partner before the portal starts: the "
    "next checkpoints do not grow from those that they hold."
)


LACKS = (
    "The checkpoint that was given is not among those that were restored: it was taken out before "
    "the backup was made, or the ledger had been put back from a backup before that."
)


class Command(BaseCommand):
    """The one thing that takes the mark of a restore away."""

    help = "Prove what was restored; only then do web server, worker and sequencer start."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoint", type=Path, help="a file with a checkpoint that a partner holds"
        )
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            help="a public key of the ledger as a partner has it, once for each; no other counts",
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="the counts as one line of JSON"
        )

    def handle(
        self, *_args: Any, checkpoint: Any, key: list[str], as_json: bool, **_options: Any
    ) -> None:
        try:
            if not awaits_proof():
                self.stdout.write("Nothing was restored here that is not proved already.")
                return
            note = read_note(checkpoint) if checkpoint else ""
            progress = Progress("Rows")
            found = prove(note=note, keys=tuple(key), step=progress)
            progress.end()
        except (BackupFault, NoteFault, EncryptionFault) as fault:
            raise CommandError(f"{fault} The mark of the restore stays.") from None
        except Error as fault:
            raise CommandError(
                f"The databases cannot be proved as they are ({type(fault).__name__}). Run "
                "`manage.py migrate` and `manage.py rls build`, also with `--database keystore`, "
                "then this again, all as the owner of the tables. The mark of the restore stays."
            ) from None
        self.report(found)
        if as_json:
            counted = {"leaves": found.leaves, "disposals": found.disposals}
            self.stdout.write(json.dumps(counted))

    def report(self, found: Proof) -> None:
        self.stdout.write(f"{found.disposals:,} disposals replayed.")
        self.stdout.write(f"{found.leaves:,} signed leaves, and {found.waiting:,} that wait.")
        if found.held_elsewhere > found.leaves:
            self.stdout.write(
                LOST.format(
                    here=found.leaves,
                    there=found.held_elsewhere,
                    lost=found.held_elsewhere - found.leaves,
                )
            )
        if found.lacks_held:
            self.stdout.write(LACKS)
        for line in found.known:
            self.stdout.write(line)
        for line in found.wrong:
            self.stdout.write(f"  {line}")
        if found.count:
            raise CommandError(
                f"NOT as it was recorded. Findings: {found.count:,}. The mark of the restore "
                "stays, and nothing starts. Restore another backup."
            )
        self.stdout.write("All is as it was recorded. The portal may start.")
