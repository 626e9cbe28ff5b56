"""docs/glossary.md has each word once, each model, and places that are there."""

import re
from pathlib import Path
from pkgutil import resolve_name

import pytest
from django.apps import apps
from django.db.models import Model
from simple_history.models import HistoricalChanges

from tests.portal.imports import APPS, ROOT

ROW = re.compile(r"\| (?P<word>[^|`]+) \| (?P<meaning>[^|]+\.) \| (?P<places>`[^|]+`) \|")
PAGE = (ROOT / "docs" / "glossary.md").read_text()
[_BEFORE, TABLE] = PAGE.split("|---|---|---|\n")
LINES = TABLE.splitlines()


def rows():
    for line in LINES:
        row = ROW.fullmatch(line)
        assert row, line
        yield row["word"], row["meaning"], re.findall(r"`([^`]+)`", row["places"])


def found(place):
    """The module, class or value of that name, or a file of the checkout."""
    path = ROOT / place
    return path if path.is_file() else resolve_name(place)


def models():
    """Each model of the apps; not those of histories, which simple-history makes of them."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] in APPS and not issubclass(model, HistoricalChanges):
            yield model


@pytest.mark.parametrize("place", sorted({place for _w, _m, places in rows() for place in places}))
def test_each_place_is_there(place):
    assert found(place) is not None


def test_each_model_has_one_row():
    named = [
        thing
        for _word, _meaning, places in rows()
        for thing in map(found, places)
        if isinstance(thing, type) and issubclass(thing, Model) and not thing._meta.abstract
    ]
    assert sorted(map(str, named)) == sorted(map(str, models()))


def test_no_word_comes_twice_and_all_are_in_order():
    words = [word.casefold() for word, _meaning, _places in rows()]
    assert words == sorted(set(words))


def test_each_meaning_is_one_sentence():
    long = [word for word, meaning, _places in rows() if re.search(r"[.?!] ", meaning)]
    assert long == []


def test_a_place_that_is_gone_is_found():
    for place in ("no/such/file.txt", "requests_app.nothing", "requests_app.choices.Nothing"):
        with pytest.raises((ImportError, AttributeError, ValueError)):
            found(place)
    assert isinstance(found("pyproject.toml"), Path)
