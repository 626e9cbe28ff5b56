"""Which clauses of the agreement are shown by which tests: printed, and kept in docs/agreement.md.

The page is written by a whole run that passed and by nothing else, and holds no date, so that it
changes only when what is shown changes.
"""

from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLAUSES = (ROOT / "tests" / "clauses.txt").read_text().split()
PAGE = ROOT / "docs" / "agreement.md"
SHOWS = "clause"  # the property of a report
HEAD = """# What the agreement asks, and the tests that show it

Written by the test run: do not edit. The ids are those of the agreement's clauses (P, DP, C, F, H,
G, CAL, M and A: the protocol; ISA: the information sharing agreement). A clause counts as shown
when every test named beside it passed.

| clause | shown by |
|---|---|
"""


class Clauses:
    """Collects the marks and the outcomes of one run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.shows: dict[str, set[str]] = defaultdict(set)
        self.failed: set[str] = set()
        self.passed: set[str] = set()
        given = config.option
        less = given.keyword or given.markexpr or given.deselect or given.collectonly
        self.whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not less

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what each test shows, and how it ended; one case of many failing fails it."""
        name = _name(report.nodeid)
        for key, value in report.user_properties:
            if key == SHOWS:
                self.shows[str(value)].add(name)
        if report.failed:
            self.failed.add(name)
        elif report.when == "call" and report.passed:
            self.passed.add(name)

    def shown(self, clause: str) -> bool:
        """Whether some test shows this clause, and all that do passed."""
        tests = self.shows.get(clause, set())
        return bool(tests & self.passed) and not tests & self.failed

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write the page, if everything ran and nothing failed."""
        if self.whole and exitstatus == pytest.ExitCode.OK:
            text = page(self)
            if not PAGE.exists() or PAGE.read_text() != text:
                PAGE.parent.mkdir(exist_ok=True)
                PAGE.write_text(text)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print each clause that this run touched; of a whole run, also what nobody shows."""
        if not self.shows and not self.whole:
            return
        terminalreporter.section("clauses of the agreement")
        for clause in CLAUSES:
            for test in sorted(self.shows.get(clause, ())):
                terminalreporter.line(f"{clause}  {self._outcome(test)}  {test}")
        missing = [clause for clause in CLAUSES if not self.shown(clause)]
        if self.whole and missing:
            terminalreporter.line(f"not shown ({len(missing)}): {' '.join(missing)}")

    def _outcome(self, test: str) -> str:
        if test in self.failed:
            return "FAILED"
        return "passed" if test in self.passed else "not run"


def page(clauses: Clauses) -> str:
    """The page as text."""
    rows = []
    for clause in CLAUSES:
        tests = sorted(clauses.shows.get(clause, set()) & clauses.passed)
        names = "<br>".join(f"`{test}`" for test in tests) if clauses.shown(clause) else ""
        rows.append(f"| {clause} | {names or 'not shown yet'} |")
    return HEAD + "\n".join(rows) + "\n"


def _name(nodeid: str) -> str:
    """The test without its parameters: they may hold anything."""
    return nodeid.partition("[")[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have each test's report say which clauses it shows, also from a worker to the whole run.

    Raises UsageError for an id that is not the agreement's: a slip.
    """
    for item in items:
        for mark in item.iter_markers("clause"):
            for clause in mark.args:
                if clause not in CLAUSES:
                    raise pytest.UsageError(f"{item.nodeid}: no clause is called {clause}")
                item.user_properties.append((SHOWS, clause))


def pytest_configure(config: pytest.Config) -> None:
    """Follow this run; a worker's is followed where it was started."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Clauses(config), "clauses-of-the-agreement")
