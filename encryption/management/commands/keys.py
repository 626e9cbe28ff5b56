"""``manage.py keys create`` makes a key ring; ``manage.py keys check`` proves the one in use."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from encryption.errors import KeyringFault
from encryption.provider import create_keyring_file
from encryption.startup import check_keys


class Command(BaseCommand):
    """Makes or proves the key ring; never prints a key."""

    help = "Make a new key ring at KEYRING_FILE, or prove the one that is there."
    # The check of the keys would refuse the very command that makes them.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["create", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["what"] == "create":
                path = settings.KEYRING_FILE
                create_keyring_file(path)
                self.stdout.write(
                    f"Made {path}. Back it up now, apart from the databases: "
                    "without it no record can be opened."
                )
            else:
                check_keys()
                self.stdout.write("The keys are there, undamaged, and open what they should.")
        except KeyringFault as fault:
            raise CommandError(str(fault)) from None
