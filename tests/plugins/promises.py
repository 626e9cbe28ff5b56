"""Keeps the promises of the outbox here and now, where no worker runs."""

from outbox.models import Message
from outbox.tasks import deliver


def keep_promises() -> None:
    """Send every e-mail that was promised."""
    while due := list(Message.objects.due().values_list("pk", flat=True)):
        for pk in due:
            deliver(pk)
