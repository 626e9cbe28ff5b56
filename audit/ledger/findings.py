"""What a check of the ledger found, and how far it has come."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Model

from audit.models import KnownFinding
from encryption.fingerprints import plain_digest
from encryption.models import raw_values, sealed_digest

Step = Callable[[int], None]
MOST: Final = 100  # findings that are spelt out; the rest are counted


class Beside(NamedTuple):
    """What is wrong with a row that no leaf speaks of; ``state`` as ``Findings.add`` takes it."""

    what: str
    state: tuple[str, ...] = ()


@dataclass
class Findings:
    """What is wrong, in words that name rows and never what they hold; and what was looked at.

    ``numbers`` has a digest of each finding that can be put on record; ``known`` those that were,
    and ``met`` the ones among them that are still so.
    """

    leaves: int = 0
    checkpoints: int = 0
    waiting: int = 0
    set_aside: int = 0
    oldest_waiting: datetime | None = None
    wrong: list[str] = field(default_factory=list)
    count: int = 0
    numbers: dict[str, str] = field(default_factory=dict)
    known: Mapping[str, KnownFinding] = field(default_factory=dict)
    met: list[KnownFinding] = field(default_factory=list)

    def add(self, what: str, *state: Any) -> None:
        """One finding more; with ``state`` one that can be put on record as long as that stays.

        None in it is what nobody knows, and so would not see change.
        """
        what = in_one_line(what)
        number = ""
        if state and None not in state:
            number = sha256(json.dumps([what, *state]).encode()).hexdigest()
            if number in self.known:
                self.met.append(self.known[number])
                return
        self.count += 1
        if len(self.wrong) < MOST:
            self.wrong.append(what)
            if number:
                self.numbers[what] = number

    def not_met(self) -> list[KnownFinding]:
        """What was put on record and is not so any more."""
        met = {row.pk for row in self.met}
        return [row for row in self.known.values() if row.pk not in met]


def in_one_line(what: str) -> str:
    """These words, where somebody may have made up an id to write lines of their own."""
    return what if what.isprintable() else ascii(what)


def state_of(row: Model | None) -> tuple[str | None, ...]:
    """Digests of all that a row holds, for ``add``; None where it cannot be read."""
    if row is None:
        return (None,)
    try:
        return plain_digest(type(row), raw_values(row)), sealed_digest(row)
    except ValidationError:  # nothing stands where something must
        return (None,)
