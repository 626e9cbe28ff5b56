"""The one way to promise a message."""

from django.db import models, transaction

from outbox.models import Message
from outbox.tasks import queue


def post(topic: str, about: models.Model) -> Message:
    """Promise ``topic``; if the transaction rolls back, the promise goes with it."""
    message = Message.objects.create(topic=topic, about=str(about.pk))
    pk = message.pk
    transaction.on_commit(lambda: queue([pk]), robust=True)
    return message
