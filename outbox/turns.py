"""One letter an hour for one person, with all that waits; what is urgent goes at once (ADR 127)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from outbox.models import LastLetter, Message
from outbox.notifications import Digest, InTurn, Notification
from outbox.writers import writer_of

AN_HOUR: Final = timedelta(hours=1)
MOST: Final = 100  # in one letter; what is more waits for the next


class Later(Exception):
    """It is not this message's turn; ``until`` is when to look again."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


@dataclass(frozen=True)
class Email:
    """What is sent, and the ids of the other messages that are kept by it."""

    subject: str
    text: str
    others: tuple[int, ...] = ()


def email_for(message: Message, written: Notification) -> Email:
    """The letter in which a person is told of ``message``: alone, or with all that waits for them.

    Raises Later where none may go to them yet.
    """
    turn, now = written.in_turn, timezone.now()
    alone = Email(written.subject, written.text)
    if turn is None:
        return alone
    if _is_too_early(turn, now):
        # Asked again each hour, so that a time of day that was wrong for a while holds up nothing.
        raise Later(min(turn.not_before or now, now + AN_HOUR))
    if turn.is_urgent:
        return alone
    last = _last_letter(message.to)
    if last.at is not None and now - AN_HOUR < last.at <= now:
        raise Later(last.at + AN_HOUR)
    last.at = now
    last.save(update_fields=["at"])
    found = _waiting_beside(message, now)
    others = tuple(pk for pk, _turn in found)
    told = {each.about: each for each in (turn, *(other for _pk, other in found))}
    if len(told) == 1:
        return Email(written.subject, written.text, others)
    digest: Digest = import_string(settings.OUTBOX_DIGEST)
    return Email(*digest(list(told.values())), others)


def _is_too_early(turn: InTurn, now: datetime) -> bool:
    return turn.not_before is not None and turn.not_before > now


def _last_letter(person: str) -> LastLetter:
    """Held until the letter is sent: whoever else has one for this person waits for that."""
    LastLetter.objects.get_or_create(person=person)
    return LastLetter.objects.select_for_update().get(person=person)


def _written(row: Message) -> Notification | None:
    """What would be sent; None where it cannot be written, which its own delivery says."""
    try:
        with transaction.atomic():
            return writer_of(row.topic)(row.about)
    except Exception:  # noqa: BLE001 - one that is broken holds up no other
        return None


def _waiting_beside(message: Message, now: datetime) -> list[tuple[int, InTurn]]:
    """What else waits for this person and can go now; what another worker has in hand stays."""
    rows = Message.objects.filter(to=message.to, done_at=None).exclude(pk=message.pk)
    found = []
    for row in rows.select_for_update(skip_locked=True).order_by("pk")[:MOST]:
        written = _written(row)
        turn = written.in_turn if written else None
        if written is None or turn is None or turn.is_urgent or _is_too_early(turn, now):
            continue
        if row.to in written.to:
            found.append((row.pk, turn))
    return found
