"""Write docs/transitions.md anew."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.transitions_doc import transitions_document


class Command(BaseCommand):
    """Run it after a change to a state table; a test says when it is due."""

    requires_system_checks: list[str] = []
    help = "Write docs/transitions.md from the state tables"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write it, and say where."""
        path = settings.BASE_DIR / "docs" / "transitions.md"
        path.write_text(transitions_document())
        self.stdout.write(str(path))
