"""Wakes the workers after an act, once a request, and never for long (docs/adr/0090)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from outbox.circuit_breaker import Gone
from outbox.tasks import queue

_collected: ContextVar[list[int] | None] = ContextVar("promises of a request", default=None)
BROKER: Final = Gone()


@contextmanager
def one_wake_up() -> Iterator[None]:
    """Hand over at the end, together, whatever is promised and committed meanwhile."""
    promised: list[int] = []
    outer = _collected.set(promised)
    try:
        yield
    finally:
        _collected.reset(outer)
        _hand_over(promised)


def wake(message: int) -> None:
    """Hand one promise over, now or at the end of the request; call it after the commit."""
    collected = _collected.get()
    if collected is None:
        _hand_over([message])
    else:
        collected.append(message)


def _hand_over(messages: list[int]) -> None:
    if messages and BROKER.may_ask():
        if queue(messages, briefly=True):
            BROKER.answered()
        else:
            BROKER.failed()
