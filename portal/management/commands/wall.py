"""``manage.py wall``: what ``manage.py rls`` was called, for whoever has it in a script."""

from typing import Any

from portal.management.commands import rls


class Command(rls.Command):
    """The same command, which says its name of today."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Say it, and do as asked."""
        self.stderr.write("`manage.py wall` is `manage.py rls` now, and does the same.")
        super().handle(*args, **options)
