"""``manage.py migrate``: Django's own, which on the keystore walks the one app that lives there."""

from collections.abc import Callable
from typing import Any

from django.core.management.commands import migrate

from encryption.router import APP, KEYSTORE


class Command(migrate.Command):
    """Takes the keystore's app by itself, and can tell whoever calls it of each step."""

    def __init__(self, *args: Any, applied: Callable[[], None] = lambda: None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.applied = applied

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django does; the router would refuse every other app, but only after its work."""
        if options["database"] == KEYSTORE and not options["app_label"]:
            options |= {"app_label": APP, "run_syncdb": False}
        super().handle(*args, **options)

    def migration_progress_callback(
        self, action: str, migration: Any = None, fake: bool = False
    ) -> None:
        """Say it as Django does, and that one more is done."""
        super().migration_progress_callback(action, migration, fake)
        if action == "apply_success":
            self.applied()
