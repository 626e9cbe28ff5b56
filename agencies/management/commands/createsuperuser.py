"""``manage.py createsuperuser``: Django's own word, which here leads to the right one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """There is nobody above the roles of the register."""

    help = "Says how the first administrator is asked in"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whatever somebody is used to give it."""
        for name in ("--username", "--email", "--database"):
            parser.add_argument(name)
        parser.add_argument("--noinput", "--no-input", action="store_true")

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Nothing is made."""
        raise CommandError(
            "There are no superusers here: people have roles for agencies. Ask the first "
            "administrator in by `manage.py first_administrator ADDRESS` (docs/installation.md)."
        )
