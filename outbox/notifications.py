"""What a notification is. The apps above write them; the outbox only sends."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class InTurn:
    """Of a message that need not go by itself: how it stands among others (docs/adr/0127).

    ``line`` and ``link`` are what a letter of several says of it, and of several about one thing
    (``about``) it says the last. One that ``is_urgent`` goes at
    once and alone. None goes before ``not_before``.
    """

    line: str
    link: str
    about: str
    is_urgent: bool = False
    not_before: datetime | None = None


@dataclass(frozen=True)
class Notification:
    """One message: whom it is for, and its words, which name and describe nobody (ISA-6.2).

    ``to`` maps a person's id to the address at which to reach them. With ``in_turn`` it shares
    the one letter an hour that a person gets of such; without, it goes at once.
    """

    to: dict[str, str]
    subject: str
    text: str
    in_turn: InTurn | None = None


# A writer gets the id of the row that the message is about, and reads what is true now.
Writer = Callable[[str], Notification]
# Writes the letter of several, which settings name: its subject and its text.
Digest = Callable[[list[InTurn]], tuple[str, str]]


def people(rows: Iterable[tuple[object, str]]) -> dict[str, str]:
    """``Notification.to`` from pairs of person id and address."""
    return {str(pk): address for pk, address in rows}
