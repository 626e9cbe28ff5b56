"""``manage.py restore DATA --keystore KEYSTORE``: a set of each kind into empty databases."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE
from backups.places import set_named
from backups.restoring import hold_empty, prove_sets, restore, size_of
from backups.servers import ALIASES
from portal.rls.roles import RolesMissing, make_roles
from workflow.progress import Progress

NEXT = """Restored. Nothing starts yet. Next, with the same settings (docs/backup.md):
1. `manage.py migrate` and `manage.py migrate --database keystore`
2. `manage.py rls build` and `manage.py rls build --database keystore`
3. bring the register of disposals to DISPOSAL_REGISTER, the newest there is
4. `manage.py prove_restore`, with --checkpoint and a checkpoint that a partner holds"""


class Command(BaseCommand):
    """Reads both sets to the end first; writes only where nothing is."""

    help = "Restore a set of the data and a set of the keystore into empty databases."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("data", help="the data's set: its folder, or s3://bucket/folder/set")
        parser.add_argument("--keystore", required=True, help="the keystore's")
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="the counts as one line of JSON"
        )

    def handle(self, *_args: Any, data: str, keystore: str, as_json: bool, **_options: Any) -> None:
        try:
            named = set_named(DATA, data), set_named(KEYSTORE, keystore)
            hold_empty()
            size = size_of(*named)
            reading = Progress("Bytes proved", size)
            sets = prove_sets(*named, step=reading)
            reading.end()
            for alias in ALIASES.values():
                make_roles(alias)
            writing = Progress("Bytes restored", size)
            restore(sets, step=writing)
            writing.end()
        except (BackupFault, RolesMissing) as fault:
            raise CommandError(str(fault)) from None
        if as_json:
            counted = {
                "rows": sum(sum(said.counts.values()) for said in sets.said.values()),
                "files": sets.said[DATA].sealed_files,
            }
            self.stdout.write(json.dumps(counted))
            return
        for kind in (DATA, KEYSTORE):
            said = sets.said[kind]
            self.stdout.write(
                f"{kind}, made {said.when:%d %B %Y %H:%M} UTC by edition {said.version}: "
                f"{sum(said.counts.values()):,} rows, {said.sealed_files:,} files."
            )
        self.stdout.write(NEXT)
