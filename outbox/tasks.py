"""Keep the promises of the outbox: at once when we can, by sweeping when we could not."""

import errno
import threading
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from celery import current_app, shared_task
from celery.utils.log import get_task_logger
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import OperationalError as DatabaseBusy
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from outbox.hourly import note_run
from outbox.models import Message
from outbox.turns import Later, email_for
from outbox.writers import writer_of

LONGEST_WAIT = 240  # minutes
BATCH = 200
SWEEP = "outbox.tasks.sweep"
STALE = 60  # seconds after which a queued promise need not be looked at: a sweep queues it anew
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# Once, or the library tries for six seconds.
ONCE = {"max_retries": 0, "interval_start": 0, "interval_step": 0}
NOT_LONG = {**ONCE, "socket_connect_timeout": 1, "socket_timeout": 2}

logger = get_task_logger(__name__)


class _Kept(threading.local):
    """The broker's connection of one thread."""

    broker: Any = None


KEPT: Final = _Kept()


@shared_task(ignore_result=True)
def deliver(message_pk: int) -> None:
    """Keep one promise. Safe to run twice: a kept or claimed one is left alone.

    A crash between sending and commit sends again with the same Message-ID: at least
    once is the right side to err on when somebody waits for the news.
    """
    with transaction.atomic():
        due = Message.objects.due().select_for_update(skip_locked=True)
        message = due.filter(pk=message_pk).first()
        if message is None:
            return
        message.tries += 1
        try:
            with transaction.atomic():
                parts = keep(message)
        except Later as later:  # its turn has not come, which is no fault
            message.tries -= 1
            message.next_try_at, parts = later.until, []
        except Exception as fault:  # whatever an e-mail or a mail server throws
            if is_of_the_disk(fault):
                raise  # no e-mail's fault: it stays due, and goes out as soon as there is room
            # Only the kind of fault: its text could carry an address.
            logger.warning("message %s not kept: %s", message.pk, type(fault).__name__)
            wait = timedelta(minutes=min(2**message.tries, LONGEST_WAIT))
            message.next_try_at = timezone.now() + wait
            # What was to go in the same letter waits as long, and is not tried by itself meanwhile.
            others = Message.objects.filter(pk__in=message.others, done_at=None)
            others.update(next_try_at=message.next_try_at)
            parts = []
        else:
            message.done_at = timezone.now()
        message.save(update_fields=["tries", "next_try_at", "done_at"])
    queue(parts)


def is_of_the_disk(fault: Exception) -> bool:
    """Whether it says only that the disk is full, or that SQLite waited in vain for its turn."""
    if isinstance(fault, DatabaseBusy):
        return any(words in str(fault) for words in ("disk is full", "disk I/O", "is locked"))
    return isinstance(fault, OSError) and fault.errno in NO_ROOM


def queue(messages: Iterable[int], *, briefly: bool = False, **options: Any) -> bool:
    """Hand promises to the workers, one task each; without a broker they wait for a sweep.

    Never raises and never tries again: what was promised is in the database. ``briefly``, where
    somebody waits for their page meanwhile. Whether the broker took them. Where settings name
    no broker there is nobody to hand them to: the loop of ``outbox.loop`` looks for itself.
    """
    if not settings.CELERY_BROKER_URL:
        return True
    try:
        if briefly:
            return _queue_briefly(list(messages), **options)
        with current_app.connection_for_write(transport_options=NOT_LONG) as broker:
            for pk in messages:
                deliver.apply_async((pk,), connection=broker, retry=False, **options)
    except OperationalError as fault:
        logger.warning("the broker cannot be reached: %s", type(fault.__cause__ or fault).__name__)
        return False
    return True


def _queue_briefly(messages: list[int], **options: Any) -> bool:
    """By a connection that stays open: to open one costs more than all that is sent by it."""
    until = time.monotonic() + settings.REDIS_TIMEOUT
    number = 0
    while number < len(messages):
        was_open = KEPT.broker is not None
        KEPT.broker = KEPT.broker or current_app.connection_for_write(transport_options=_brief())
        try:
            deliver.apply_async((messages[number],), connection=KEPT.broker, retry=False, **options)
        except OperationalError:
            KEPT.broker.release()
            KEPT.broker = None
            # It may be that the broker has closed it meanwhile, as when it was started again.
            if not was_open or time.monotonic() > until:
                raise
            continue
        number += 1
        if number < len(messages) and time.monotonic() > until:
            return False
    return True


def broker_answers() -> bool:
    """Whether the broker is there; asked once, and not for long."""
    try:
        with current_app.connection_for_write(transport_options=_brief()) as broker:
            broker.ensure_connection(**ONCE)
    except OperationalError:
        return False
    return True


def _brief() -> dict[str, float]:
    patience = settings.REDIS_TIMEOUT
    return {**ONCE, "socket_connect_timeout": patience, "socket_timeout": patience}


def keep(message: Message) -> list[int]:
    """Send one e-mail, or split a promise to a group into one a person; ids of the parts."""
    notification = writer_of(message.topic)(message.about)
    if not message.to:
        parts = [
            Message.objects.create(
                topic=message.topic, about=message.about, to=person, part_of=message
            )
            for person in notification.to
        ]
        return [part.pk for part in parts]
    # Somebody who has lost their part since the promise was made is told nothing.
    if address := notification.to.get(message.to):
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
        email = email_for(message, notification)
        message.others = email.others
        EmailMessage(
            subject=email.subject,
            body=email.text,
            to=[address],
            headers={"Message-ID": f"<message-{message.pk}@{domain}>"},
        ).send()
        Message.objects.filter(pk__in=email.others).update(done_at=timezone.now())
    return []


@shared_task(ignore_result=True)
def sweep() -> None:
    """Beat runs this often, so that a lost broker delays a message but never drops it.

    Each promise is a task of its own: a mail server that lets everybody wait then holds up
    one after the other, and no task gets near the limit at which its worker is killed.
    """
    due = list(Message.objects.due().values_list("pk", flat=True)[:BATCH])
    queue(due, expires=STALE)
    note_run(SWEEP)  # which also says that clock, broker and worker go round
