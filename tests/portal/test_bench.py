"""What the bench keeps in files: ceilings that only fall, and figures for whoever reads them."""

import csv

import pytest

from bench import ceilings, report, works
from bench.figures import Figure
from bench.options import Options, options

STATEMENTS, TIMES = "inbox, 1,000: statements", "inbox, 1,000: times bare"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A file of ceilings of its own."""
    file = tmp_path / "ceilings.csv"
    monkeypatch.setattr(ceilings, "FILE", file)
    monkeypatch.setattr(ceilings, "CEILINGS", {STATEMENTS: 17, TIMES: 16.0})

    def read():
        with file.open(newline="") as lines:
            return {what: float(most) for what, most in csv.reader(lines)}

    return read


@pytest.mark.parametrize(
    ("statements", "times", "left"),
    [(20, 20, (17, 16)), (16, 9.9, (16, 16)), (17, 5, (17, 8)), (9, 1, (9, 1.6))],
)
def test_ceilings_only_fall_and_times_only_clearly(kept, statements, times, left):
    ceilings.lower([Figure(STATEMENTS, statements), Figure(TIMES, times)])
    assert (kept()[STATEMENTS], kept()[TIMES]) == left


def test_a_page_that_is_new_gets_one(kept):
    ceilings.lower([Figure("a page, 1,000: times bare", 2)])
    assert kept() == {STATEMENTS: 17, TIMES: 16, "a page, 1,000: times bare": 3.2}


def test_every_page_and_act_has_ceilings_of_both_kinds():
    names = {what.rpartition(": ")[0] for what in ceilings.CEILINGS}
    kinds = ("statements", "times bare")
    assert set(ceilings.CEILINGS) == {f"{name}: {kind}" for name in names for kind in kinds}
    assert {f"{act}, 20,000" for act in works.ACTS} <= names


def test_a_figure_above_its_ceiling_is_not_kept():
    figure = Figure("inbox", 18, most=17)
    assert not figure.holds
    assert "**no**" in report._row(figure)


def test_what_is_said_on_the_command_line():
    told = options(["costs", "--requests", "100", "--write"], ["costs", "quick"])
    assert told == Options(parts=["costs"], requests=100, write=True)
    assert options([], ["costs"]) == Options()
    with pytest.raises(SystemExit):
        options(["nonsense"], ["costs"])
