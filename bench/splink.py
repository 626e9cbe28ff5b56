"""Splink as a judge of who is noticed: in an environment and a process of its own."""

import csv
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.environments import ROOT, installed
from requests_app.matching.scoring import Known

COLUMNS: Final = ("unique_id", "given", "family", "born", "number", "home")


def by_splink(
    people: Sequence[Known], again: Sequence[Known], least: float
) -> Callable[[Known], set[int]]:
    """Whom Splink finds of ``people``, by their places, that it holds at least so likely."""
    with TemporaryDirectory() as folder:
        known, asked = Path(folder) / "known.csv", Path(folder) / "again.csv"
        _write(known, "k", people)
        _write(asked, "a", again)
        told = subprocess.run(  # noqa: S603
            [installed("splink"), "-P", ROOT / "bench" / "splink_judge.py", known, asked],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    found: dict[int, set[int]] = defaultdict(set)
    for one, other, likely in csv.reader(told.stdout.splitlines()):
        if float(likely) >= least:
            found[id(again[int(one[1:])])].add(int(other[1:]))
    return lambda known: found.get(id(known), set())


def _write(file: Path, sign: str, people: Iterable[Known]) -> None:
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for at, known in enumerate(people):
            names = known.given_name.lower(), known.family_name.lower()
            rest = known.date_of_birth or "", known.nhs_number, known.address.lower()
            writer.writerow((f"{sign}{at}", *names, *rest))
