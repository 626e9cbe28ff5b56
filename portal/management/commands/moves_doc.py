"""Write docs/moves.md anew."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.moves_doc import moves_document


class Command(BaseCommand):
    """Run it after a change to a state table; a test says when it is due."""

    requires_system_checks: list[str] = []
    help = "Write docs/moves.md from the state tables"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write it, and say where."""
        path = settings.BASE_DIR / "docs" / "moves.md"
        path.write_text(moves_document())
        self.stdout.write(str(path))
