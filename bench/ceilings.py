"""What each page and act is held to today, while its budget is not kept: it only ever falls.

``bench/ceilings.csv`` holds them, a figure a line: statements as they were counted, and times with
room for the noise of a busy machine.
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from bench.figures import Figure

FILE: Final = Path(__file__).with_name("ceilings.csv")
ROOM: Final = 1.6  # times what was measured
CLEARLY: Final = 0.9  # of what stands there is worth a lower line


def _read() -> dict[str, float]:
    if not FILE.exists():
        return {}
    with FILE.open(newline="") as lines:
        return {what: float(most) for what, most in csv.reader(lines)}


CEILINGS: Final[Mapping[str, float]] = _read()


def held(figure: Figure) -> Figure:
    """The figure, held to its ceiling."""
    return Figure(figure.what, figure.value, figure.unit, most=CEILINGS.get(figure.what))


def lower(figures: Iterable[Figure]) -> None:
    """Write each that has clearly fallen, and each that is new."""
    now = dict(CEILINGS)
    for figure in figures:
        counted = figure.what.endswith("statements")
        most = figure.value if counted else round(figure.value * ROOM, 1)
        before = now.get(figure.what)
        if before is None or (most < before if counted else most < before * CLEARLY):
            now[figure.what] = most
    with FILE.open("w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows((what, f"{now[what]:g}") for what in now)
