"""``docs/performance.md`` and the history of its figures, as a run of the bench writes them."""

import csv
import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.db import connection

from bench.ceilings import CEILINGS
from bench.figures import Figure

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "performance.md"
HISTORY: Final = ROOT / "docs" / "performance-history.csv"
HEAD: Final = """# Speed

Written by `{command}` at {commit} on {day}; {machine}. Do not edit it: run that again.

Times are of processor, of the portal and its database together, as a multiple of a peer that goes
by turns with it in the same run: "bare" is a page of 25 plain rows as Django alone serves it;
"create" and "answer" are what django-helpdesk does among {tickets} tickets where somebody creates
one or answers one. Encryption, history, ledger, outbox and both walls are on. A budget that is not
kept is marked so.

What `make bench ARGS=quick` holds each page and act to stands in `bench/ceilings.csv`: as many
statements as it sent when last written, and 1.6 times the times, as room for the noise of a busy
machine. Only lower ones are ever written there, by `make bench ARGS="quick --write"`; those of
pages among 1,000 requests, and of acts, are below.

| figure | measured | budget | kept | ceiling of today |
|---|---|---|---|---|
"""


def write(figures: Iterable[Figure], *, tickets: int) -> None:
    """The page, and a line a figure for the history."""
    figures, now, commit = list(figures), datetime.now(UTC), _commit()
    head = HEAD.format(
        command=_command(),
        commit=commit,
        day=f"{now:%-d %B %Y}",
        machine=_machine(),
        tickets=f"{tickets:,}",
    )
    PAGE.write_text(head + "".join(_row(figure) for figure in figures))
    is_new = not HISTORY.exists()
    with HISTORY.open("a", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        if is_new:
            lines.writerow(["at", "commit", "figure", "value", "most", "least"])
        for each in figures:
            value = round(each.value, 3)
            lines.writerow(
                [f"{now:%Y-%m-%dT%H:%MZ}", commit, each.what, value, each.most, each.least]
            )
    print(f"Written: {PAGE.relative_to(ROOT)}, {HISTORY.relative_to(ROOT)}")


def _row(figure: Figure) -> str:
    bound = figure.most if figure.most is not None else figure.least
    kept = "" if bound is None else ("yes" if figure.holds else "**no**")
    name, _, measure = figure.what.removeprefix("few open: ").rpartition(": ")
    sizes = (f"{name}, {size}: {measure}" for size in ("1,000", "20,000"))
    ceiling = next((CEILINGS[each] for each in sizes if each in CEILINGS), None)
    said = (figure.what, f"{figure.value:,.2f}", _number(bound), kept, _number(ceiling))
    return f"| {' | '.join(said)} |\n"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _command() -> str:
    said = " ".join(sys.argv[1:])
    return f'make bench ARGS="{said}"' if said else "make bench"


def _commit() -> str:
    git = ["git", "-C", str(ROOT)]
    head = _said([*git, "rev-parse", "--short", "HEAD"])
    return f"{head} with changes" if _said([*git, "status", "--porcelain"]) else head


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip()


def _machine() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0].split()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} processors, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f} at the end, "
        f"Python {platform.python_version()}, PostgreSQL {postgres}"
    )
