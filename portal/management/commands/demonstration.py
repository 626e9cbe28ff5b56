"""Fill an empty portal with a demonstration; what is there already is never changed."""

import sys
from typing import Any, Final

from click import progressbar
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from agencies.models import User
from demo.people import PASS_PHRASE, PEOPLE, is_settled, settle, sign_ins
from encryption.unit_of_work import key_cache

PARTS: Final = 11  # the people, then the parts of the story


class Command(BaseCommand):
    """Called by ``serve`` on the embedded default, every time."""

    help = "Fill an empty portal with invented agencies, people and requests"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """All of it or, after a fault, nothing; then say who can sign in."""
        if not settings.DEMONSTRATION:
            raise CommandError("Invented people belong on the embedded default only.")
        with transaction.atomic(), key_cache():
            if not is_settled():
                self.fill()
        if not User.objects.filter(email=PEOPLE[0].email).exists():
            self.stdout.write("Somebody else lives here already, so there is no demonstration.")
            return
        self.stdout.write(
            f"\nEverybody in the demonstration is invented. Pass phrase: {PASS_PHRASE}\n\n"
        )
        for line in sign_ins():
            self.stdout.write(f"  {line}")
        start = settings.PORTAL_URL.rstrip("/")
        self.stdout.write(f"\nThe e-mails that were sent: {start}/sent-mail/\n")

    def fill(self) -> None:
        """Tell the whole story, with a bar where somebody looks on."""
        # Loading all that can happen takes a second, which only the first start has to spend.
        from demo.morning import Morning

        with progressbar(length=PARTS, label="Filling the demonstration", file=sys.stderr) as bar:
            story = Morning(settle())
            bar.update(1)
            story.tell(lambda: bar.update(1))
