"""``manage.py forged``: second factors and links that the portal did not make."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.ledger.known_findings import NotAcknowledged
from authentication.forged import NotTaken, forged_rows, take_away
from encryption.errors import EncryptionFault
from encryption.provider import refuse_without_ring


class Command(BaseCommand):
    """Run it as the owner of the tables, where the ring is (docs/ledger.md)."""

    help = (
        "list: second factors and links to other providers that the portal did not make for the "
        "person in whose name they stand. take-away NAME --reason --by: take such a one away, once "
        "it was looked into; it goes on record, and the person and those who watch over the record "
        "are told."
    )
    # It may have to be done before what was restored is proved.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["list", "take-away"])
        parser.add_argument("names", nargs="*", metavar="name", help="as `list` shows them")
        parser.add_argument("--reason", default="", help="why, and nothing of a person")
        parser.add_argument("--by", default="", help="who has looked into it")

    def handle(
        self, *_args: Any, what: str, names: list[str], reason: str, by: str, **_options: Any
    ) -> None:
        if bool(names) != (what == "take-away"):
            raise CommandError("`take-away` takes the names that `list` shows, and `list` none.")
        try:
            refuse_without_ring()
            if what == "list":
                self.list()
            else:
                for said in take_away(names, reason=reason, by=by):
                    self.stdout.write(f"Taken away, and put on record: {said}")
        except (EncryptionFault, NotAcknowledged, NotTaken) as fault:
            raise CommandError(str(fault)) from None

    def list(self) -> None:
        count = 0
        for name, said in forged_rows():
            count += 1
            self.stdout.write(f"  {name}: {said}")
        self.stdout.write(
            f"{count:,} were not made by the portal. Find out who wrote them and stop that; then: "
            "`manage.py forged take-away NAME --reason ... --by ...`."
            if count
            else "All second factors and links were made by the portal."
        )
