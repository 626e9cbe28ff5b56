"""What a check of the ledger found, and how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

Step = Callable[[int], None]
MOST: Final = 100  # findings that are spelt out; the rest are counted


@dataclass
class Findings:
    """What is wrong, in words that name rows and never what they hold; and what was looked at."""

    leaves: int = 0
    checkpoints: int = 0
    waiting: int = 0
    set_aside: int = 0
    oldest_waiting: datetime | None = None
    wrong: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, what: str) -> None:
        """One finding more."""
        self.count += 1
        if len(self.wrong) < MOST:
            self.wrong.append(what)
