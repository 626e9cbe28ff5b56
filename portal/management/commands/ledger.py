"""``manage.py ledger``: sequence, verify, verify-live, acknowledge, export, receipt and its kin."""

import signal
import time
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections, transaction

from audit.ledger.exporting import export
from audit.ledger.findings import Findings
from audit.ledger.known_findings import NotAcknowledged, acknowledge, in_words
from audit.ledger.notes import NoteFault, Verifier
from audit.ledger.proofs import NotSignedYet, NotThere, as_file, consistency, receipt
from audit.ledger.sequencing import (
    BATCH,
    PAUSE,
    LedgerFault,
    Sequenced,
    sequence,
    size,
    verifiers,
)
from audit.ledger.signing import create_signing_key, read_signing_key
from audit.ledger.verifying import verify
from audit.ledger.verifying_rows import verify_live
from audit.selectors import count_of_leaves
from encryption.errors import EncryptionFault
from outbox.post import post
from portal.heartbeat import say_alive
from portal.running.lifeline import say_turned, say_up, watch_parent
from portal.startup_checks import check_restored_or_stop, restored_faults
from workflow.progress import Progress

AFTER_A_FAULT = 5.0
SHOWN = 16  # digits of the number of a finding
ACKNOWLEDGED = "ledger.acknowledged"


class Command(BaseCommand):
    """One word a task; each says what it did, and ends with 1 where it found a fault."""

    help = (
        "create-key: make the signing key. sequence: number and sign, until stopped. "
        "verify: hold the whole ledger against its signatures. verify-live: hold every record "
        "against the ledger. acknowledge NUMBER --reason --by: put a finding of verify-live on "
        "record, once it was looked into. export FOLDER: for the one-file verifier. receipt EVENT: "
        "proof of one recorded change. consistency FIRST SECOND: proof that one checkpoint grew "
        "from another. keys: the public keys."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "what",
            choices=[
                *("create-key", "sequence", "verify", "verify-live", "acknowledge"),
                *("export", "receipt", "consistency", "keys"),
            ],
        )
        parser.add_argument("of", nargs="*", help="what the task is about")
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            help="verify: a public key as you hold it, once for each; no other is believed",
        )
        parser.add_argument(
            "--reason", default="", help="acknowledge: why, and nothing of a person"
        )
        parser.add_argument("--by", default="", help="acknowledge: who has looked into it")
        parser.add_argument("--once", action="store_true", help="sequence what is there, then end")

    def handle(
        self,
        *_args: Any,
        what: str,
        of: list[str],
        key: list[str],
        once: bool,
        reason: str,
        by: str,
        **_options: Any,
    ) -> None:
        tasks = {
            "create-key": self.create_key,
            "sequence": lambda: self.sequence(once=once),
            "verify": lambda: self.verify(key),
            "verify-live": lambda: self.report(verify_live, "Rows", 2 * count_of_leaves()),
            "acknowledge": lambda: self.acknowledge(of, reason, by),
            "export": lambda: self.export(*of),
            "receipt": lambda: self.receipt(*of),
            "consistency": lambda: self.consistency(*of),
            "keys": self.keys,
        }
        try:
            tasks[what]()
        except TypeError:
            if {"export": 1, "receipt": 1, "consistency": 2}.get(what, 0) == len(of):
                raise
            raise CommandError(f"`{what}` takes other words: {self.help}") from None
        except (NoteFault, LedgerFault, EncryptionFault, NotAcknowledged, OSError) as fault:
            raise CommandError(str(fault)) from None

    def create_key(self) -> None:
        signer = create_signing_key(Path(settings.SIGNING_KEY_FILE), settings.LEDGER_NAME)
        self.stdout.write(
            f"Made {settings.SIGNING_KEY_FILE}. Only the sequencer needs it.\n"
            f"Give this public key to every partner:\n{signer.verifier}"
        )

    def sequence(self, *, once: bool) -> None:
        watch_parent()
        check_restored_or_stop(["default"])
        signer = read_signing_key(Path(settings.SIGNING_KEY_FILE))
        stop, same = _StopsOnSignal(), True
        since: Sequenced | None = None
        say_up()
        while not stop.asked:
            say_turned()
            say_alive()
            try:
                if not same and (found := restored_faults(["default"])):
                    raise CommandError(found[0])
                same = True
                done = sequence(signer, since=since)
                # Held here, where whoever owns the database cannot set it back.
                since = done if done is not None and done.placed else since
            except (DatabaseError, LedgerFault) as fault:
                # Nothing is signed over a bent tree; whoever mends it need not start us again.
                if once:
                    raise CommandError(str(fault)) from None
                self.stderr.write(str(fault))
                connections.close_all()
                same = False  # what answers next may have been restored
                stop.sleep(AFTER_A_FAULT)
                continue
            # A pause between rounds that leave nothing: or each few leaves would get a signature.
            if done is not None and (done.placed == BATCH or (once and done.placed)):
                continue
            if once and done is not None:
                self.stdout.write(f"{done.size:,} leaves are signed, and none waits.")
                return
            stop.sleep(PAUSE)

    def verify(self, keys: list[str]) -> None:
        held = [Verifier.parse(each) for each in keys]
        self.report(partial(verify, keys=held), "Leaves", count_of_leaves())
        if not held:
            self.stdout.write("These keys were believed, since the database names them:")
            self.keys()
            self.stdout.write("Whoever holds another one gives it with --key.")

    def report(self, check: Any, what: str, total: int) -> None:
        progress = Progress(what, total)
        found: Findings = check(step=progress)
        progress.end()
        signed = f" Checkpoints: {found.checkpoints:,}." if what == "Leaves" else ""
        self.stdout.write(f"Leaves: {found.leaves:,}.{signed}")
        if found.waiting:
            oldest = found.oldest_waiting
            since = f", the oldest since {oldest:%d %B %Y %H:%M:%S} UTC" if oldest else ""
            self.stdout.write(f"{found.waiting:,} leaves wait for the sequencer{since}.")
        if found.set_aside:
            self.stdout.write(
                f"{found.set_aside:,} leaves are none and were set aside: somebody else writes to "
                "this database. Everything else holds as it is said here."
            )
        for lines in (in_words(found.met), in_words(found.not_met(), still=False)):
            for line in lines:
                self.stdout.write(line)
        for line in found.wrong:
            number = found.numbers.get(line, "")[:SHOWN]
            self.stdout.write(f"  {number and f'[{number}] '}{line}")
        if found.count > len(found.wrong):
            self.stdout.write(f"  and {found.count - len(found.wrong):,} more.")
        if found.count:
            raise CommandError(f"NOT as it was recorded. Findings: {found.count:,}.")
        besides = " else" if found.met else ""
        self.stdout.write(f"All{besides} is as it was recorded.")

    def acknowledge(self, numbers: list[str], reason: str, by: str) -> None:
        if not numbers:
            raise CommandError("Give the numbers of findings, as `verify-live` shows them.")
        progress = Progress("Rows", 2 * count_of_leaves())
        found = verify_live(step=progress)
        progress.end()
        with transaction.atomic():
            for number in numbers:
                row = acknowledge(found, number, reason=reason, by=by)
                post(ACKNOWLEDGED, about=row)
                self.stdout.write(f"Put on record as {row.pk}: {row.what}")

    def export(self, folder: str) -> None:
        progress = Progress("Leaves", size())
        count = export(Path(folder), step=progress)
        progress.end()
        self.stdout.write(
            f"Wrote {count:,} leaves to {folder}. Check them anywhere, with a public key that you "
            "hold already:\n"
            f"  python tools/verify_ledger.py whole {folder} --key PUBLIC_KEY"
        )

    def receipt(self, entry: str) -> None:
        try:
            self.stdout.write(as_file(receipt(_number(entry))), ending="")
        except NotThere:
            raise CommandError(
                f"There is no change {entry} in the ledger. Give its number in the evidence."
            ) from None
        except NotSignedYet:
            raise CommandError("This change is not signed yet. Is the sequencer running?") from None

    def consistency(self, first: str, second: str) -> None:
        try:
            proof = consistency(_number(first), _number(second))
        except NotThere:
            raise CommandError(
                "Give the sizes of two checkpoints, the smaller one first."
            ) from None
        self.stdout.write(as_file(proof), ending="")

    def keys(self) -> None:
        for key in verifiers():
            self.stdout.write(str(key))


class _StopsOnSignal:
    """A round that has begun is finished; the next one does not begin."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: object) -> None:
        self.asked = True

    def sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.asked and time.monotonic() < end:
            time.sleep(0.1)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else -1  # noqa: PLR2004 - a bigint
