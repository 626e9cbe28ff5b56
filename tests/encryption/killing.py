"""Kills a child in the middle of its work: after so many of its steps, however fast they are."""

import os
import signal
import time
from collections.abc import Callable

from django.db import connections


def killed_after(steps: int, pause: float, work: Callable[[Callable[[int], None]], object]) -> None:
    """Fork, let the child work, kill it once it has told of so many steps and a pause more."""
    connections.close_all()
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        try:
            work(lambda _done: _tell(tell))
        finally:
            os._exit(0)
    os.close(tell)
    while steps > 0 and (heard := os.read(told, steps)):
        steps -= len(heard)
    time.sleep(pause)
    os.close(told)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _tell(pipe: int) -> None:
    os.write(pipe, b".")
