"""Found a partnership in an empty installation, from the files that say what it is made of."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.bootstrap.files import SHIPPED, Unfounded, found_partnership


class Command(BaseCommand):
    """See agencies/seeds/README.md for the files."""

    help = "Read a partnership and its agencies into an empty register"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, or the name of one that the portal ships with."""
        parser.add_argument("folder", help="a folder, or the name of one in agencies/seeds")

    def handle(self, *_args: Any, folder: str, **_options: Any) -> None:
        """All of it or, with a word on what is wrong, nothing."""
        shipped = SHIPPED / folder
        try:
            agencies = found_partnership(shipped if shipped.is_dir() else Path(folder))
        except Unfounded as wrong:
            raise CommandError(str(wrong)) from None
        self.stdout.write(f"{len(agencies)} agencies are on the register; none takes part yet.")
