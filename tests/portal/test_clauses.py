"""What is shown of the agreement, whole or in part: the marks, the table, the page, the summary."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
Run = Callable[..., str]

TABLE = """ISA-1
ISA-2 the emergency path; reminders
ISA-3
ISA-4 a page of it
"""
MARKS = """
import pytest

pytestmark = pytest.mark.clause("ISA-2", part=True)

@pytest.mark.clause("ISA-1")
@pytest.mark.parametrize("way", ["one", "other"])
def test_whole(way):
    pass

@pytest.mark.clause("ISA-1", part=True)
def test_part():
    pass
"""
PAGE = """| ISA-1 | shown | `tests/test_it.py::test_part`<br>`tests/test_it.py::test_whole` |
| ISA-2 | shown in part; missing: the emergency path; reminders | `tests/test_it.py::test_part`<br>`tests/test_it.py::test_whole` |
| ISA-3 | not shown yet |  |
| ISA-4 | not shown yet |  |
"""  # noqa: E501


@pytest.fixture
def run(pytester, monkeypatch) -> Run:
    """Runs these tests with this table of clauses, and gives back all that was said."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # no browsers, no made-up names
    pytester.makeini("[pytest]\ntestpaths = tests\nmarkers = clause\n")
    folder = pytester.mkdir("tests")

    def told(marks: str, *args: str, table: str = TABLE) -> str:
        (folder / "clauses.txt").write_text(table)
        (folder / "test_it.py").write_text(marks)
        plugins = ["-p", "tests.plugins.clauses", "-p", "no:cacheprovider", "-p", "xdist"]
        done: Any = pytester.runpytest_subprocess(*plugins, *args)
        return "\n".join(done.outlines + done.errlines)

    return told


def page_of(pytester: pytest.Pytester) -> str:
    """The rows of the page that was written; nothing if none was."""
    page = pytester.path / "docs" / "agreement.md"
    return page.read_text().partition("|---|---|---|\n")[2] if page.exists() else ""


@pytest.mark.parametrize("lanes", [[], ["-n", "2"]], ids=["alone", "two-lanes"])
def test_a_whole_run_writes_what_is_shown_and_what_is_missing(run, pytester, lanes):
    said = run(MARKS, *lanes)
    assert page_of(pytester) == PAGE, said
    for line in (
        "ISA-1  shown",
        "ISA-1  passed  tests/test_it.py::test_whole",
        "ISA-1  passed  tests/test_it.py::test_part  (part)",
        "ISA-2  shown in part; missing: the emergency path; reminders",
        "ISA-3  not shown yet",
    ):
        assert line in said.splitlines()


def test_a_part_of_a_run_writes_no_page_and_says_no_state(run, pytester):
    said = run(MARKS, "tests/test_it.py::test_part")
    assert not page_of(pytester)
    assert "ISA-1  passed  tests/test_it.py::test_part  (part)" in said.splitlines()
    assert "shown" not in said


def test_a_clause_with_a_failing_test_is_not_shown(run, pytester):
    wrong = MARKS + "    assert False\n"
    said = run(wrong).splitlines()
    assert not page_of(pytester)
    assert "ISA-1  not shown yet" in said
    assert "ISA-2  not shown yet" in said
    assert "ISA-1  FAILED  tests/test_it.py::test_part  (part)" in said


def test_a_clause_whose_test_of_all_of_it_did_not_run_is_shown_in_part(run):
    skipped = MARKS.replace(
        '    pass\n\n@pytest.mark.clause("ISA-1", part',
        '    pytest.skip()\n\n@pytest.mark.clause("ISA-1", part',
    )
    said = run(skipped).splitlines()
    assert "ISA-1  shown in part; missing: what no test that ran shows" in said


def test_the_mark_nearest_to_a_test_counts(run):
    both = '@pytest.mark.clause("ISA-1")\ndef test_it():\n    pass\n'
    start = 'import pytest\npytestmark = pytest.mark.clause("ISA-1", part=True)\n'
    assert "ISA-1  passed  tests/test_it.py::test_it" in run(start + both).splitlines()


def test_no_test_shows_all_of_a_clause_of_which_something_is_missing(run, pytester):
    said = run(MARKS.replace('"ISA-2", part=True', '"ISA-2"'), "tests/test_it.py::test_part")
    assert "test_part: says that it shows all of ISA-2, of which is missing: the emergency" in said
    assert "mark it part=True" in said
    assert not page_of(pytester)


@pytest.mark.parametrize("lanes", [[], ["-n", "1"]], ids=["alone", "a-lane"])
def test_what_is_missing_is_said_where_every_test_shows_a_part(run, pytester, lanes):
    parts = MARKS.replace('clause("ISA-1")', 'clause("ISA-1", part=True)')
    assert "ISA-1: every test of it shows a part only" in run(parts, *lanes)
    assert not page_of(pytester)
    # Of a run of some, nobody knows what the others show.
    for some in (["tests/test_it.py"], ["--ignore", "tests/none"]):
        assert "3 passed" in run(parts, *some)


@pytest.mark.parametrize("mark", ['"ISA-1", part=False', '"ISA-1", partly=True'])
def test_a_slip_in_a_mark_is_refused(run, mark):
    said = run(f"import pytest\n@pytest.mark.clause({mark})\ndef test_it():\n    pass\n")
    assert "a clause's mark takes ids and part=True" in said
