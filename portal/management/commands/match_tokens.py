"""``manage.py match_tokens``: what lets the front door find an earlier request, put right."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from encryption.errors import EncryptionFault
from encryption.provider import refuse_without_ring
from requests_app.matching.actions import put_right
from requests_app.matching.tokens_held import unlike_tokens, what_is_wrong


class Command(BaseCommand):
    """Run it as the owner of the tables, where the ring is (docs/ledger.md)."""

    help = (
        "list: people in requests whose match tokens are not those of what is known of them. "
        "put-right: make these anew, each of what is known now."
    )

    # It may have to be done before what was restored is proved.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["list", "put-right"])

    def handle(self, *_args: Any, what: str, **_options: Any) -> None:
        count = 0
        try:
            refuse_without_ring()
            for each in put_right() if what == "put-right" else unlike_tokens():
                count += 1
                self.stdout.write(f"  {what_is_wrong(each)}")
        except EncryptionFault as fault:
            raise CommandError(str(fault)) from None
        done = ", and are made anew" if what == "put-right" and count else ""
        self.stdout.write(f"Match tokens that were not as they should be: {count:,}{done}.")
