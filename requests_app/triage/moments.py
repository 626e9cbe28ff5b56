"""What is drawn of a request's time, and where each moment lies (docs/adr/0130)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

EDGE: Final = 12.0
SHORTEST: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Entry:
    """Something that happened, or that began and ended; ``number`` as in the table."""

    number: int
    at: datetime
    words: str
    until: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """What is drawn: all moments with their zone; ``due`` is None for what has no clock now."""

    start: datetime
    now: datetime
    due: datetime | None
    entries: Sequence[Entry]
    closed: Sequence[tuple[datetime, datetime]]
    ticks: Sequence[tuple[datetime, str]]
    now_words: str
    due_words: str


def end_of(facts: Facts) -> datetime:
    """The last moment of the drawing."""
    moments = [facts.start + SHORTEST, facts.now, *(each.at for each in facts.entries)]
    return max([*moments, facts.due] if facts.due else moments)


def scale(facts: Facts, width: float, moment: datetime) -> float:
    """Where a moment lies. Spans are those of the clock in UTC, which jumps at no time of year."""
    whole = end_of(facts).timestamp() - facts.start.timestamp()
    gone = (moment.timestamp() - facts.start.timestamp()) / whole
    return round(EDGE + min(max(gone, 0), 1) * (width - 2 * EDGE), 1)
