"""How long the parts of a start take, for whoever names a file to write them to."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def part(name: str) -> Iterator[None]:
    """Note how long what is inside takes."""
    began = time.monotonic()
    yield
    note(name, time.monotonic() - began)


def note(name: str, seconds: float) -> None:
    """Write one part down in the file that ``PORTAL_TIMINGS`` names, if it does."""
    if file := os.environ.get("PORTAL_TIMINGS"):
        with Path(file).open("a") as out:
            out.write(f"{name}\t{seconds:.2f}\n")
