"""Which clauses of the agreement are shown by which tests: printed, and kept in docs/agreement.md.

A test marked `clause("ISA-3.8")` is one of those that together show all of that clause; one
marked `clause("ISA-3.8", part=True)` shows a part of a clause of which something is missing. The
mark nearest to a test counts: its own before its class's, that before its module's.

tests/clauses.txt is a table with one line a clause, in the agreement's order: the id and, where
something is missing, a space and what that is. The ids and the order are kept by hand to those of
the requirements.

The page is written by a whole run that passed and by nothing else, and holds no date, so that it
changes only when what is shown changes.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

SHOWS, SHOWS_PART = "clause", "part of a clause"  # properties of a report
HEAD = """# What the agreement asks, and the tests that show it

Written by the test run: do not edit. The ids are those of the agreement's clauses (P, DP, C, F, H,
G, CAL, M and A: the protocol; ISA: the information sharing agreement). A clause counts as shown
when all of it works and every test named beside it passed; as shown in part when something of it,
named here, is missing.

| clause | state | shown by |
|---|---|---|
"""


class Clauses:
    """Collects the marks and the outcomes of one run."""

    def __init__(self, config: pytest.Config) -> None:
        self.missing = read(config.rootpath)
        self.page = config.rootpath / "docs" / "agreement.md"
        self.shows: dict[str, set[str]] = defaultdict(set)
        self.shows_part: dict[str, set[str]] = defaultdict(set)
        self.failed: set[str] = set()
        self.passed: set[str] = set()
        given = config.option
        less = given.keyword or given.markexpr or given.deselect
        less = less or given.collectonly or given.setuponly or given.setupplan
        self.whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not less

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what each test shows, and how it ended; one case of many failing fails it."""
        name = _name(report.nodeid)
        for key, value in report.user_properties:
            if key in (SHOWS, SHOWS_PART):
                shows = self.shows if key == SHOWS else self.shows_part
                shows[str(value)].add(name)
        if report.failed:
            self.failed.add(name)
        elif report.when == "call" and report.passed:
            self.passed.add(name)

    def tests(self, clause: str) -> list[str]:
        """Every test that shows this clause or a part of it, sorted."""
        return sorted(self.shows.get(clause, set()) | self.shows_part.get(clause, set()))

    def state(self, clause: str) -> str:
        """Whether this clause is shown, shown in part (and what is missing), or not yet."""
        tests = set(self.tests(clause))
        if tests & self.failed or not tests & self.passed:
            return "not shown yet"
        if self.shows.get(clause, set()) & self.passed:
            return "shown"
        return f"shown in part; missing: {self.missing[clause] or 'what no test that ran shows'}"

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write the page, if everything ran and nothing failed."""
        if self.whole and exitstatus == pytest.ExitCode.OK:
            text = page(self)
            if not self.page.exists() or self.page.read_text() != text:
                self.page.parent.mkdir(exist_ok=True)
                self.page.write_text(text)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print each clause that this run touched; of a whole run, each with its state."""
        if not (self.shows or self.shows_part or self.whole):
            return
        terminalreporter.section("clauses of the agreement")
        for clause in self.missing:
            if self.whole:
                terminalreporter.line(f"{clause}  {self.state(clause)}")
            for test in self.tests(clause):
                part = "  (part)" if test not in self.shows.get(clause, ()) else ""
                terminalreporter.line(f"{clause}  {self._outcome(test)}  {test}{part}")

    def _outcome(self, test: str) -> str:
        if test in self.failed:
            return "FAILED"
        return "passed" if test in self.passed else "not run"


def read(root: Path) -> dict[str, str]:
    """What is missing of each clause, in the agreement's order; nothing where all of it works."""
    rows = (root / "tests" / "clauses.txt").read_text().splitlines()
    return {clause: missing.strip() for clause, _, missing in (row.partition(" ") for row in rows)}


def page(clauses: Clauses) -> str:
    """The page as text."""
    rows = []
    for clause in clauses.missing:
        state = clauses.state(clause)
        tests = [] if state == "not shown yet" else clauses.tests(clause)
        names = "<br>".join(f"`{test}`" for test in tests if test in clauses.passed)
        rows.append(f"| {clause} | {state} | {names} |")
    return HEAD + "\n".join(rows) + "\n"


def _name(nodeid: str) -> str:
    """The test without its parameters: they may hold anything."""
    return nodeid.partition("[")[0]


def _marks(item: pytest.Item, missing: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Each clause that this test shows, and whether a part of it only."""
    seen = set()
    for mark in item.iter_markers("clause"):
        if mark.kwargs not in ({}, {"part": True}):
            raise pytest.UsageError(f"{item.nodeid}: a clause's mark takes ids and part=True")
        for clause in mark.args:
            if clause not in missing:
                raise pytest.UsageError(f"{item.nodeid}: no clause is called {clause}")
            if clause not in seen:
                seen.add(clause)
                yield clause, bool(mark.kwargs)


@pytest.hookimpl(tryfirst=True)  # before others leave tests out
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Have each test's report say which clauses it shows, also from a worker to the whole run.

    Raises UsageError for an id that is not the agreement's, and for marks that say something
    else than the table of what is missing: slips.
    """
    try:
        _note(config, items)
    except pytest.UsageError as slip:
        if hasattr(config, "workerinput"):  # xdist does not pass on a UsageError of a worker
            raise RuntimeError(str(slip)) from None
        raise


def _note(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = read(config.rootpath)
    whole, in_part = set(), set()
    for item in items:
        for clause, part in _marks(item, missing):
            if missing[clause] and not part:
                raise pytest.UsageError(
                    f"{item.nodeid}: says that it shows all of {clause}, of which is missing: "
                    f"{missing[clause]} (tests/clauses.txt); mark it part=True"
                )
            (in_part if part else whole).add(clause)
            item.user_properties.append((SHOWS_PART if part else SHOWS, clause))
    # Of a run of some tests nobody knows what the others show.
    everything = config.args == config.getini("testpaths") and not config.option.ignore
    for clause in sorted(in_part - whole) if everything else ():
        if not missing[clause]:
            raise pytest.UsageError(
                f"{clause}: every test of it shows a part only; say in tests/clauses.txt what "
                "is missing"
            )


def pytest_configure(config: pytest.Config) -> None:
    """Follow this run; a worker's is followed where it was started."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Clauses(config), "clauses-of-the-agreement")
