"""The one way to promise a message."""

from django.db import models, transaction

from outbox.models import Message
from outbox.waking import wake


def post(topic: str, about: models.Model) -> Message:
    """Promise ``topic``; if the transaction rolls back, the promise goes with it."""
    message = Message.objects.create(topic=topic, about=str(about.pk))
    pk = message.pk
    transaction.on_commit(lambda: wake(pk), robust=True)
    return message
