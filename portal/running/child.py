"""One process that the parent keeps running: how it starts, what it says, how it ended."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Final

from portal.running.lifeline import PARENT, SAYS, TURNED, UP
from portal.running.record import Part
from workflow.exit_status import how_it_ended

PAUSES: Final = (1, 2, 4, 8, 16, 30)  # seconds before each further start
LONG_ENOUGH: Final = 60  # seconds up, after which the pauses begin anew
QUIET: Final = 60  # seconds without a turn, after which a loop is said to stand still
LAST_LINES: Final = 8
STUCK: Final = 5  # seconds that a killed process may take to be gone


class Child:
    """A process in a group of its own, started again and again; the parent says when."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        self.name, self.command, self.environment = name, command, environment
        self.process: subprocess.Popen[bytes] | None = None
        self.part = Part(name)
        self.was_up = False  # ever, since the portal was started
        self.again_at = 0.0
        self.starts_in_a_row = 0
        self.begun_at = 0.0
        self.turned_at: float | None = None
        self.tail: deque[str] = deque(maxlen=LAST_LINES)
        self._hears = -1
        self._relay: threading.Thread | None = None

    @property
    def is_due(self) -> bool:
        """Not running, and its pause is over."""
        return self.process is None and time.monotonic() >= self.again_at

    def start(self, parent: int, kept: tuple[int, ...]) -> None:
        """Start it; ``parent`` and ``kept`` are descriptors that it inherits. Raises OSError."""
        self.begun_at, self.turned_at = time.monotonic(), None
        hears, says = os.pipe()
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command,
                env={**self.environment, PARENT: str(parent), SAYS: str(says)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(parent, says, *kept),
                # A session of its own: Ctrl-C reaches only the parent, which stops all in order.
                start_new_session=True,
            )
        except OSError:
            os.close(hears)
            raise
        finally:
            os.close(says)
        os.set_blocking(hears, False)
        self._hears = hears
        output = self.process.stdout
        self._relay = threading.Thread(target=self._pass_on, args=(output,), daemon=True)
        self._relay.start()

    def listen(self) -> bool:
        """Take in what it has said since the last time; whether it has just come up."""
        said = b""
        with suppress(OSError):
            said = os.read(self._hears, 65536)
        now = time.monotonic()
        if TURNED in said:
            self.turned_at = now
        self.part.still = self.turned_at is not None and now - self.turned_at > QUIET
        if UP not in said or self.part.up_since is not None:
            return False
        self.part.up_since, self.was_up = now, True
        return True

    def has_ended(self) -> bool:
        """Whether it ran and runs no longer."""
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> str:
        """Clear away what is left of it, reckon when it starts again, and say how it ended."""
        assert self.process is not None
        how = how_it_ended(self.process.returncode)
        self.clear()
        self.note_end(how)
        return how

    def note_end(self, how: str) -> None:
        """Enter in the books that it ended, and when it starts again."""
        now, up_since = time.monotonic(), self.part.up_since
        if up_since is not None and now - up_since >= LONG_ENOUGH:
            self.starts_in_a_row = 0
        pause = PAUSES[min(self.starts_in_a_row, len(PAUSES) - 1)]
        self.starts_in_a_row += 1
        self.again_at = now + pause
        self.part.ended(how, at=now, again_at=self.again_at)

    @property
    def pause(self) -> int:
        """Seconds from its end to its next start."""
        return PAUSES[min(self.starts_in_a_row, len(PAUSES)) - 1]

    def ask_to_stop(self) -> None:
        """SIGTERM to it alone: it stops its own in its own way."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def clear(self) -> None:
        """Kill whatever is left of its group, so that nothing of it holds the port, and reap it."""
        if self.process is None:
            return
        # A group that is gone, or (on macOS) holds only what nobody has reaped yet.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):  # while it waits for a disk that hangs
            self.process.wait(timeout=STUCK)
        if self._relay is not None:
            self._relay.join(timeout=2)
        os.close(self._hears)
        self.process = None

    def _pass_on(self, output: IO[bytes]) -> None:
        """What it prints is printed here too, and its last lines are kept."""
        with output:
            for line in output:
                self.tail.append(line.decode(errors="replace").rstrip())
                # Nobody who reads, or no room where it goes: no reason for anything to end.
                with suppress(OSError, ValueError):
                    sys.stderr.buffer.write(line)
                    sys.stderr.buffer.flush()
