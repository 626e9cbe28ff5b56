"""No word comes back that the code gave up for a standard one (docs/adr/0109)."""

import pytest

from scripts import words


@pytest.fixture
def app(tmp_path, monkeypatch):
    """A checkout of one app, in which nothing is wrong."""
    monkeypatch.setattr(words, "ROOT", tmp_path)
    for folder in ("farm", "farm/migrations", "farm/barn"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
    (tmp_path / "farm" / "barn" / "views.py").write_text(
        '"""Nobody May look through these doors."""\nletters = "Moves"\n'
    )
    (tmp_path / "farm" / "migrations" / "0001_moves.py").write_text("May = 1\n")
    return tmp_path / "farm"


def test_prose_and_migrations_may_say_them(app):
    assert words.faults() == []


def test_a_name_is_found_with_the_one_to_take(app):
    (app / "barn" / "forms.py").write_text("from farm import Moves\n\nMoves.May\n")
    assert words.faults() == [
        "farm/barn/forms.py:1: Transitions, not Moves",
        "farm/barn/forms.py:3: Transitions, not Moves",
        "farm/barn/forms.py:3: Permission, not May",
    ]


@pytest.mark.parametrize("place", ["lists/__init__.py", "barn/moves.py"])
def test_so_is_a_module(app, place):
    (app / place).parent.mkdir(exist_ok=True)
    (app / place).touch()
    [fault] = words.faults()
    assert fault.startswith(f"farm/{place}: ")


def test_nothing_of_the_portal_has_one():
    assert words.faults() == []
