"""What a notification is. The apps above write them; the outbox only sends."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Notification:
    """One message: whom it is for, and its words, which name and describe nobody (ISA-6.2).

    ``to`` maps a person's id to the address at which to reach them.
    """

    to: dict[str, str]
    subject: str
    text: str


# A writer gets the id of the row that the message is about, and reads what is true now.
Writer = Callable[[str], Notification]


def people(rows: Iterable[tuple[object, str]]) -> dict[str, str]:
    """``Notification.to`` from pairs of person id and address."""
    return {str(pk): address for pk, address in rows}
