"""Ask the first two administrators in: whoever installs the portal begins with this."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.bootstrap.administrators import NotTheFirst, invite_first_administrator
from encryption.unit_of_work import key_cache


class Command(BaseCommand):
    """After `found_partnership`; once there are two, only administrators ask others in."""

    help = "Print the link by which the first administrator, and then the second, makes an account"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address, and the office's name if it is not on the register yet."""
        parser.add_argument("email")
        parser.add_argument("--office", default="Partnership business office")

    def handle(self, *_args: Any, email: str, office: str, **_options: Any) -> None:
        """Make what is missing, and say where the link leads."""
        try:
            with key_cache():
                link = invite_first_administrator(email, office)
        except NotTheFirst as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write("Open this page within 72 hours; it works once:")
        self.stdout.write(link)
