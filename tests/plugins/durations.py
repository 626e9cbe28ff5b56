"""How long the parts of a run took, and which test each lane is at: said last, and while it runs.

``PORTAL_TIMINGS`` names a file with a line for each part of the run before and after the tests;
``PORTAL_PROGRESS`` a folder with what runs now, for whoever wonders why a run takes so long.
"""

import os
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import pytest

KIND, LANE = "kind", "lane"  # properties of a report
KINDS = ("browser", "embedded", "worker")
REST = "the rest"
SLOWEST = 15


class Durations:
    """Collects what each test took, on the controller or where there is only one lane."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.kinds: dict[str, float] = defaultdict(float)
        self.lanes: dict[str, float] = defaultdict(float)
        self.tests: dict[str, float] = defaultdict(float)
        self.numbers: dict[str, set[str]] = defaultdict(set)
        self.slowest: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add one phase of a test: setting up, the test itself, tearing down."""
        told = {name: str(value) for name, value in report.user_properties if name in {KIND, LANE}}
        kind = told.get(KIND, REST)
        self.kinds[kind] += report.duration
        self.numbers[kind].add(report.nodeid)
        self.lanes[told.get(LANE, "main")] += report.duration
        self.tests[report.nodeid] += report.duration
        if report.when == "teardown":
            self._write_slowest(report.nodeid)

    def _write_slowest(self, test: str) -> None:
        """Keep the list of the slowest as a file, where this test belongs to them."""
        self.slowest[test] = self.tests[test]
        if len(self.slowest) > SLOWEST:
            quickest = min(self.slowest, key=self.slowest.__getitem__)
            del self.slowest[quickest]
            if quickest == test:
                return
        ordered = sorted(self.slowest.items(), key=lambda item: -item[1])
        _write("slowest", "".join(f"{seconds:.1f} {name}\n" for name, seconds in ordered))

    def parts(self) -> list[tuple[str, float]]:
        """The name and seconds of each part of the tests."""
        found = [
            (f"tests: {kind} ({len(self.numbers[kind])})", self.kinds[kind])
            for kind in (*KINDS, REST)
            if kind in self.kinds
        ]
        lanes = [(f"lane {lane}", seconds) for lane, seconds in sorted(self.lanes.items())]
        return [*found, *lanes, ("tests, by the clock", time.monotonic() - self.began)]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table, with the parts before the tests; write ours down too."""
        parts = self.parts()
        file = os.environ.get("PORTAL_TIMINGS")
        before = _read(Path(file)) if file else []
        terminalreporter.section("how long each part took")
        for name, seconds in [*before, *parts]:
            terminalreporter.line(f"{name:<44}{seconds:>9.1f} s")
        if file:
            with suppress(OSError), Path(file).open("a") as out:
                out.writelines(f"  {name}\t{seconds:.2f}\n" for name, seconds in parts)


class Progress:
    """Writes down which test a lane is at."""

    def __init__(self, lane: str) -> None:
        self.lane = lane

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """This test begins."""
        _write(f"running-{self.lane}", f"{time.time():.0f} {nodeid}\n")

    def pytest_sessionfinish(self) -> None:
        """No test runs any more."""
        _write(f"running-{self.lane}", "")


def kind_of(item: pytest.Item) -> str:
    """What a test needs most of: a browser, processes of its own, a worker, or nothing of these."""
    # The fixtures that bring a browser or a worker are called so too.
    told = {mark.name for mark in item.iter_markers()} | set(getattr(item, "fixturenames", ()))
    return next((kind for kind in KINDS if kind in told), REST)


def _write(name: str, text: str) -> None:
    """Put a file in its place at once; never fail a test by it."""
    folder = os.environ.get("PORTAL_PROGRESS")
    if folder:
        with suppress(OSError):
            Path(folder).mkdir(parents=True, exist_ok=True)
            draft = Path(folder) / f".{name}-{os.getpid()}"
            draft.write_text(text)
            draft.replace(Path(folder) / name)


def _read(file: Path) -> list[tuple[str, float]]:
    """The parts that others wrote down."""
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return []
    return [(name, float(seconds)) for name, seconds in (line.split("\t") for line in lines)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have each report say of what kind the test is, and in which lane it ran."""
    lane = os.environ.get("PYTEST_XDIST_WORKER", "main")
    for item in items:
        item.user_properties += [(KIND, kind_of(item)), (LANE, lane)]


def pytest_configure(config: pytest.Config) -> None:
    """Sum up where the run is controlled; say what runs where tests run."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Durations(), "durations-of-the-parts")
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None):
        lane = os.environ.get("PYTEST_XDIST_WORKER", "main")
        config.pluginmanager.register(Progress(lane), "progress-of-the-lane")
