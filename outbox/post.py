"""The one way to promise a message."""

from django.db import models, transaction

from outbox.models import Message
from outbox.waking import wake


def post(topic: str, about: models.Model, to: str = "") -> Message:
    """Promise ``topic``; if the transaction rolls back, the promise goes with it.

    ``to`` is the id of the one person it is for; "" is all whom its writer names.
    """
    message = Message.objects.create(topic=topic, about=str(about.pk), to=to)
    pk = message.pk
    transaction.on_commit(lambda: wake(pk), robust=True)
    return message
