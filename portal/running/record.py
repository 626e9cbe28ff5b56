"""What the parent notes of its children, in a small file from which the status page reads.

Moments are those of the monotonic clock, which all processes of one machine share and which no
change of the time of day moves.
"""

import json
import time
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone


@dataclass
class Part:
    """One child: since when it is up, how often it ended by itself, the last time and how."""

    name: str
    up_since: float | None = None
    ends: int = 0
    ended_at: float | None = None
    how: str = ""
    again_at: float | None = None
    still: bool = False  # a loop that no longer turns

    def ended(self, how: str, *, at: float, again_at: float) -> None:
        """It has ended by itself."""
        self.up_since, self.still = None, False
        self.ends, self.ended_at, self.how, self.again_at = self.ends + 1, at, how, again_at


@dataclass
class Record:
    """The parts, written whenever something about one of them has changed."""

    path: Path
    parts: list[Part]
    _written: str = field(default="", repr=False)

    def write(self) -> None:
        """Bring the file up to date; where there is no room, the next time."""
        text = json.dumps([asdict(part) for part in self.parts])
        if text == self._written:
            return
        draft = self.path.with_name(f".{self.path.name}.new")
        try:
            draft.write_text(text)
            draft.replace(self.path)
        except OSError:
            return
        self._written = text

    def remove(self) -> None:
        """Nothing runs any more."""
        self.path.unlink(missing_ok=True)


def read(path: Path) -> list[Part]:
    """The parts as last written; none where nothing was."""
    try:
        said: list[dict[str, Any]] = json.loads(path.read_text())
        return [Part(**each) for each in said]
    except (OSError, ValueError, TypeError):
        return []


def moment_of(monotonic: float) -> datetime:
    """That moment by the clock on the wall as it now stands."""
    return timezone.now() - timedelta(seconds=time.monotonic() - monotonic)
