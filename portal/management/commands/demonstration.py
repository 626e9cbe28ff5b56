"""Fill the portal with a demonstration; this first form only says that there is none yet."""

from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Called by ``serve`` on the embedded default, every time; it changes nothing that is there."""

    help = "Fill an empty portal with invented agencies, people and requests"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say what there is."""
        self.stdout.write("There is no demonstration yet.")
