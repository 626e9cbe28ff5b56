"""``manage.py disposals``: carry out what was approved, and do over what a restore brought back."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from encryption.disposals import check_disposals, entries, prepare_register, replay
from encryption.errors import EncryptionFault
from encryption.stores import file_store
from encryption.stores.client import StoreGone
from portal.startup_checks import check_restored_or_stop
from retention.disposal.destroying import ListRefused, carry_out, replay_files_and_tokens, waiting
from workflow.progress import Progress

HOUR = 3600.0


class Command(BaseCommand):
    """One word a task (docs/retention.md); run it as ``portal_disposals``, or as the owner."""

    help = (
        "carry-out: destroy the records on approved lists whose waiting time is over. "
        "replay: after a restore, destroy again what the register of disposals names. "
        "register: say what the register holds."
    )
    # The check of the keys would refuse the very command that mends what it finds.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["carry-out", "replay", "register"])
        parser.add_argument(
            "--every", type=float, default=0.0, metavar="HOURS", help="carry out again and again"
        )
        parser.add_argument(
            "--unmarked",
            action="store_true",
            help="replay: also what a register from before its lines were marked names",
        )

    def handle(self, *_args: Any, what: str, every: float, unmarked: bool, **_options: Any) -> None:
        if unmarked and what != "replay":
            raise CommandError("Only `replay` takes --unmarked.")
        self.unmarked = unmarked
        if every and (what != "carry-out" or every < 0):
            raise CommandError("Only `carry-out` takes --every, a number of hours above nought.")
        tasks = {"carry-out": self.carry_out, "replay": self.replay, "register": self.register}
        try:
            tasks[what]()
            while every:
                time.sleep(every * HOUR)
                tasks[what]()
        except (EncryptionFault, ListRefused, StoreGone) as fault:
            raise CommandError(str(fault)) from None

    def carry_out(self) -> None:
        # Each time: the lists may be those of a backup, before the ledger was held against them.
        check_restored_or_stop()
        # Also where nothing is to be destroyed today: or nobody would hear of it until it is.
        prepare_register()
        check_disposals()
        file_store().check(puts=False)
        progress = Progress("Records", waiting())
        destroyed, kept = carry_out(progress)
        progress.end()
        self.stdout.write(f"Records destroyed: {destroyed}. Taken off their list: {kept}.")

    def replay(self) -> None:
        known = entries(must_be_there=True)
        keys = replay(unmarked=self.unmarked)
        gone = replay_files_and_tokens()
        self.stdout.write(
            f"Disposals on the register: {len(known)}. Keys destroyed again: {keys}. "
            f"Match tokens taken away again: {gone}. Their files are gone."
        )

    def register(self) -> None:
        known = entries()
        self.stdout.write(f"Disposals on the register: {len(known)}.")
        if known:
            self.stdout.write(f"The last one was entered on {known[-1].at}.")
        check_disposals()
