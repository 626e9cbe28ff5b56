"""``manage.py keys``: make a ring, prove it, put a key on it, rotate, take one off, open all."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from encryption.errors import KeyringFault
from encryption.provider import create_keyring_file, forget_keyring, key_provider
from encryption.ringfile import add_ring_key, remove_ring_key
from encryption.rotating import Rotation, in_use, rotate, unused, waiting, why_needed
from encryption.startup import check_keys
from encryption.verifying import open_everything, rows_to_open
from portal.reencrypting import reencrypt_cases
from portal.startup_checks import check_restored_or_stop
from workflow.progress import Progress

SHOWN = 5  # names of ring keys


class Command(BaseCommand):
    """One word a task; never prints a key or what one opens (docs/keys.md)."""

    help = (
        "create: make a key ring at KEYRING_FILE. check: prove the one that is there. "
        "add: put a new key first on the ring. rotate: wrap all case keys by the first ring key. "
        "retire NAME: take a key that nothing needs off the ring. "
        "reencrypt CASE: give a case a new data key, and seal all of it anew. "
        "verify: open everything that is sealed, and count."
    )
    # The check of the keys would refuse the very command that makes them.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what", choices=["create", "check", "add", "rotate", "retire", "reencrypt", "verify"]
        )
        parser.add_argument(
            "names",
            nargs="*",
            metavar="name",
            help="retire: one ring key; reencrypt: cases, each by its reference or id",
        )
        parser.add_argument(
            "--restarted",
            action="store_true",
            help="rotate: every process of the portal was restarted since the key was added",
        )

        parser.add_argument(
            "--json", action="store_true", help="verify: the counts once more, as a line of JSON"
        )

    def handle(
        self, *_args: Any, what: str, names: list[str], restarted: bool, **options: Any
    ) -> None:
        if len(names) != (what == "retire") and what != "reencrypt":
            raise CommandError(
                "`retire` takes the name of one ring key, `reencrypt` one case or more, "
                "and nothing else takes any."
            )
        tasks: dict[str, Callable[[], None]] = {
            "create": self.create,
            "check": self.check_ring,
            "add": self.add,
            "rotate": lambda: self.rotate(restarted=restarted),
            "retire": lambda: self.retire(*names),
            "reencrypt": lambda: self.reencrypt(names),
            "verify": lambda: self.verify(as_json=options["json"]),
        }
        try:
            tasks[what]()
        except KeyringFault as fault:
            raise CommandError(str(fault)) from None

    def create(self) -> None:
        path = settings.KEYRING_FILE
        create_keyring_file(path)
        self.stdout.write(
            f"Made {path}. Back it up now, apart from the databases: "
            "without it no record can be opened."
        )

    def check_ring(self) -> None:
        key_provider()  # a process that gets no ring would pass the check at the start
        check_keys()
        self.stdout.write("The keys are there, undamaged, and open what they should.")

    def add(self) -> None:
        name = add_ring_key(Path(settings.KEYRING_FILE))
        self.stdout.write(
            f"Added {name}; it is now the first key of {settings.KEYRING_FILE}.\n"
            "1. Back the ring up now, apart from the databases.\n"
            "2. Restart every process of the portal: each has read the ring at its start, and one "
            "that lacks this key cannot open what is wrapped by it.\n"
            "3. Then run `manage.py keys rotate --restarted`."
        )

    def rotate(self, *, restarted: bool) -> None:
        forget_keyring()  # the file as it is now, whatever this process has read before
        check_keys()
        active = key_provider().active
        if not restarted and not in_use(active):
            raise CommandError(
                f"Nothing was changed: no case key is wrapped by {active} yet, so processes may be "
                "running that lack it. Restart them all; then say so: "
                "`manage.py keys rotate --restarted`."
            )
        progress = Progress("Case keys", waiting())
        done = rotate(progress)
        progress.end()
        self.stdout.write(f"Wrapped {done.keys:,} case keys anew by {done.active}.")
        for what, count in done.others.items():
            self.stdout.write(f"Sealed {count:,} {what} anew.")
        for name in unused():
            self.stdout.write(
                f"Nothing needs {name} any more. Take it off: `manage.py keys retire {name}`."
            )
        for name in key_provider().names[1:]:
            if reason := why_needed(name):
                self.stdout.write(f"Still needed: {name}, by {reason}.")
        self.say_what_is_gone(done)
        if done.broken:
            rows = ", ".join(str(pk) for pk in done.broken[:20])
            raise CommandError(
                f"{len(done.broken):,} case keys do not unwrap and were left as they are (rows "
                f"{rows} of the keystore). Restore them from the keystore's backup."
            )

    def say_what_is_gone(self, done: Rotation) -> None:
        for what, names in done.gone.items():
            # Somebody may have made the names up, as many and as long as they like.
            some = ", ".join(ascii(name) for name in sorted(names)[:SHOWN])
            self.stdout.write(
                f"Left as they are, and count for nothing: {sum(names.values()):,} {what}, marked "
                f"under ring keys that are not on the ring ({some}). If such a key was yours, put "
                "it back from the ring's backup, below the first, and rotate again. If not, they "
                "were forged: `manage.py forged list`."
            )

    def retire(self, name: str) -> None:
        forget_keyring()
        remove_ring_key(
            Path(settings.KEYRING_FILE),
            name,
            lambda: f"by {why}. Run `keys rotate`." if (why := why_needed(name)) else "",
        )
        self.stdout.write(
            f"Took {name} off {settings.KEYRING_FILE}. Keep it in the ring's own backup for as "
            "long as a backup of the keystore may be restored that was made before the rotation."
        )

    def reencrypt(self, names: list[str]) -> None:
        check_restored_or_stop()
        key_provider()
        check_keys()
        reencrypt_cases(names, self.stdout.write)

    def verify(self, *, as_json: bool) -> None:
        key_provider()  # without a ring nothing opens, and nothing is broken
        check_keys()
        progress = Progress("Rows", rows_to_open())
        found = open_everything(progress)
        progress.end()
        for what, count in sorted(found.opened.items()):
            self.stdout.write(f"{count:>12,} {what} opened")
        for what, count in sorted(found.destroyed.items()):
            self.stdout.write(f"{count:>12,} {what} of destroyed cases, which nothing opens")
        for line in found.where:
            self.stdout.write(f"  does not open: {line}")
        if found.broken:
            raise CommandError(f"{found.broken:,} do not open. Restore them from a backup.")
        self.stdout.write("Everything opens that should.")
        if as_json:
            counted = {"opened": found.opened.total(), "destroyed": found.destroyed.total()}
            self.stdout.write(json.dumps(counted))
