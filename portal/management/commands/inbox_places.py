"""``manage.py inbox_places``: in which heap of the inbox each request stands, put right."""

from typing import Any

from django.core.management.base import BaseCommand

from requests_app.triage.places import put_right


class Command(BaseCommand):
    """Run it as the owner of the tables, where ``ledger verify-live`` names requests of another."""

    help = "Work out anew in which heap of the front door's inbox each request stands."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"Requests that were not in their own heap: {put_right():,}.")
