"""``manage.py wall build``: the second wall, as the owner of the tables, after each migration."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from encryption.router import KEYSTORE
from portal.settings.environment import env
from portal.wall.building import build, lower
from portal.wall.plan import LEDGER, PAGES, WORK
from portal.wall.proof import faults
from portal.wall.state import TooBusy


class Command(BaseCommand):
    """Builds, lowers or proves the wall of one database."""

    help = (
        "build: make the portal's roles and row-level security, with the owner's DATABASE_URL. "
        "lower: take the policies away for a migration that changes a column they name. "
        "check: say what is wrong for the role of this DATABASE_URL."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["build", "lower", "check"])
        parser.add_argument("--database", default="default")

    def handle(self, *_args: Any, what: str, database: str, **_options: Any) -> None:
        if connections[database].vendor != "postgresql":
            raise CommandError("Only PostgreSQL has a second wall.")
        try:
            self._do(what, database)
        except TooBusy as fault:
            raise CommandError(str(fault)) from None

    def _do(self, what: str, database: str) -> None:
        if what == "build":
            pages = env.str("PORTAL_APP_PASSWORD", "")
            if database == KEYSTORE:  # a server of its own may have a password of its own
                pages = env.str("KEYSTORE_APP_PASSWORD", "") or pages
            build(
                database,
                {
                    PAGES: pages,
                    WORK: env.str("PORTAL_WORKER_PASSWORD", ""),
                    LEDGER: env.str("PORTAL_LEDGER_PASSWORD", ""),
                },
            )
            self.stdout.write(f"The wall of {database} stands.")
        elif what == "lower":
            lower(database)
            self.stdout.write("Nobody sees a case until: manage.py wall build")
        elif found := faults(database):
            raise CommandError("\n".join(found))
        else:
            self.stdout.write(f"The wall of {database} stands, and this role is behind it.")
