"""A bar for commands that take longer than two seconds, where a person is looking."""

import sys
import time
from typing import Final, TextIO

PATIENCE: Final = 2.0  # seconds before there is a bar at all
EVERY: Final = 0.2
WIDTH: Final = 30


class Progress:
    """Call it with how much is done; ``end`` clears the line. Silent where no terminal is."""

    def __init__(self, what: str, total: int = 0, *, out: TextIO | None = None) -> None:
        self.what, self.total = what, total
        self.out = out or sys.stderr
        self.begun = self.shown = time.monotonic()
        self.visible = False

    def __call__(self, done: int) -> None:
        """So much is done."""
        now = time.monotonic()
        if now - self.begun < PATIENCE or now - self.shown < EVERY or not self.out.isatty():
            return
        self.shown, self.visible = now, True
        self.out.write(f"\r{self.what}: {self._drawn(done)}")
        self.out.flush()

    def end(self) -> None:
        """Clear the line again, for what is said next."""
        if self.visible:
            self.out.write("\r\x1b[K")
            self.out.flush()

    def _drawn(self, done: int) -> str:
        if not self.total:
            return f"{done:,}"
        share = min(done / self.total, 1)
        bar = "#" * int(share * WIDTH)
        return f"[{bar:<{WIDTH}}] {share:4.0%} of {self.total:,}"
