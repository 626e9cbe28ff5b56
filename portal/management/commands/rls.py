"""``manage.py rls build``: the second wall, as the owner of the tables, after each migration."""

from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from encryption.router import KEYSTORE
from portal.rls.building import build, lower
from portal.rls.plan import BACKUP, DISPOSE, DRILL, LEDGER, PAGES, WORK
from portal.rls.proof import faults
from portal.rls.roles import POWERS, RolesMissing
from portal.rls.state import TooBusy
from portal.settings.environment import env

# After PORTAL_ and, for a keystore on a server of its own, after KEYSTORE_.
PASSWORDS: Final = {
    PAGES: "APP_PASSWORD",
    WORK: "WORKER_PASSWORD",
    LEDGER: "LEDGER_PASSWORD",
    DISPOSE: "DISPOSALS_PASSWORD",
    BACKUP: "BACKUP_PASSWORD",
    DRILL: "DRILL_PASSWORD",
}
BY_HAND: Final = (
    "{role} lacks something that this owner cannot give; all else is built. Have PostgreSQL's "
    "superuser run what follows (the role may be there already), then build again:\n"
    "{sql} GRANT {role} TO {owner} WITH ADMIN OPTION;"
)


def _passwords(database: str) -> dict[str, str]:
    found = {role: env.str(f"PORTAL_{name}", "") for role, name in PASSWORDS.items()}
    if database == KEYSTORE:
        own = {role: env.str(f"KEYSTORE_{name}", "") for role, name in PASSWORDS.items()}
        found |= {role: password for role, password in own.items() if password}
    return found


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
        except (TooBusy, RolesMissing) as fault:
            raise CommandError(str(fault)) from None

    def _do(self, what: str, database: str) -> None:
        if what == "build":
            owner = connections[database].settings_dict["USER"]
            for role in build(database, _passwords(database)):
                self.stderr.write(BY_HAND.format(role=role, sql=POWERS[role].by_hand, owner=owner))
            self.stdout.write(f"The wall of {database} stands.")
        elif what == "lower":
            lower(database)
            self.stdout.write("Nobody sees a case until: manage.py rls build")
        elif found := faults(database):
            raise CommandError("\n".join(found))
        else:
            self.stdout.write(f"The wall of {database} stands, and this role is behind it.")
