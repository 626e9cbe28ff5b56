"""The editions of the flow: what each walk leads to, and what makes an edition unfit (F-FLOW)."""

import tomllib
from itertools import product

import pytest

from decisions import checks
from decisions.flow import protocol
from decisions.flow.protocol import Outcome, Step, in_force, load, published

QUESTIONS = ("purpose", "consent", "identifiable", "lawful_reason")
SHARE, NOT = "may_share", "do_not_share"

# The table of the agreement; "-" stands for an answer that is moot.
TABLE = {
    ("no", "-", "-", "-"): NOT,
    ("yes", "yes", "-", "-"): SHARE,
    ("yes", "no", "no", "-"): SHARE,
    ("yes", "no", "yes", "yes"): SHARE,
    ("yes", "no", "yes", "no"): NOT,
}


def expected(answers):
    """The end of a full set of answers, and the questions that it makes moot."""
    for row, end in TABLE.items():
        if all(want in ("-", got) for want, got in zip(row, answers, strict=True)):
            return end, {q for q, want in zip(QUESTIONS, row, strict=True) if want == "-"}
    raise AssertionError(answers)


@pytest.mark.clause("F-FLOW")
@pytest.mark.parametrize("answers", list(product(("yes", "no"), repeat=4)))
def test_every_set_of_answers_ends_as_the_table_says(answers):
    edition = load("2020-07")
    end, moot = expected(answers)
    path = edition.path(dict(zip(QUESTIONS, answers, strict=True)))
    assert path[-1].name == end
    passed = [place.name for place in path[:-1]]
    assert passed == [question for question in QUESTIONS if question not in moot]


@pytest.mark.clause("F-FLOW")
def test_every_walk_step_by_step():
    edition, ends = load("2020-07"), set()

    def walk(answers):
        place = edition.where(answers)
        if isinstance(place, Outcome):
            row = tuple(answers.get(question, "-") for question in QUESTIONS)
            ends.add((row, place.name))
            return
        for choice in place.answers:
            walk(answers | {place.name: choice})

    walk({})
    assert ends == set(TABLE.items())


@pytest.mark.clause("F-FLOW")
def test_the_edition_holds_exactly_the_four_questions_and_two_ends():
    edition = load("2020-07")
    assert list(edition.steps) == list(QUESTIONS)
    assert {name: end.shares for name, end in edition.outcomes.items()} == {SHARE: True, NOT: False}
    assert edition.outcomes[NOT].label == "Do not share"
    assert edition.where({}).name == "purpose"


def test_going_back_keeps_what_still_applies_and_leaves_out_what_does_not():
    edition = load("2020-07")
    answers = {"purpose": "yes", "consent": "no", "identifiable": "yes", "lawful_reason": "no"}
    assert edition.where(answers).name == NOT
    assert edition.where(answers | {"consent": "yes"}).name == SHARE
    assert edition.where(answers | {"purpose": "no"}).name == NOT
    assert edition.where(answers | {"consent": "unknown answer"}).name == "consent"


def test_what_goes_with_the_flow_is_complete():
    edition = load("2020-07")
    sizes = {
        "how": 5,
        "rules": 7,
        "principles": 7,
        "caldicott": 7,
        "myths": 5,
        "grounds": 3,
    }
    assert {name: len(getattr(edition, name)) for name in sizes} == sizes
    assert list(edition.faults()) == []


GOOD = """
edition = "x"
title = "X"
start = "first"
[steps.first]
ask = "First?"
answers = { yes = "second", no = "refuse" }
[steps.second]
ask = "Second?"
answers = { yes = "share", no = "refuse" }
[outcomes.share]
label = "Share"
told = "t"
shares = true
[outcomes.refuse]
label = "Do not share"
told = "t"
shares = false
[how]
[rules]
[principles]
[myths]
[caldicott]
[conditions]
[grounds]
[bases]
"""

BAD = {
    "first leads back to itself": ('yes = "share", no = "refuse"', 'yes = "share", no = "first"'),
    "second leads to unknown nowhere": ('yes = "share"', 'yes = "nowhere"'),
    "second can never be reached": ('yes = "second"', 'yes = "share"'),
    "second has no answers": ('{ yes = "share", no = "refuse" }', "{}"),
    "start leads to unknown zero": ('start = "first"', 'start = "zero"'),
    "there must be an end that shares and one that does not": ("shares = false", "shares = true"),
    "first names unknown rule 9": ('ask = "First?"', 'ask = "First?"\nrules = ["9"]'),
    "first names unknown principle p": ('ask = "First?"', 'ask = "First?"\nprinciples = ["p"]'),
    "first names unknown myth m": ('ask = "First?"', 'ask = "First?"\nmyths = { no = ["m"] }'),
}


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Editions in a folder of their own."""
    monkeypatch.setattr(protocol, "EDITIONS", tmp_path)
    load.cache_clear()

    def writing(text, name="x"):
        tomllib.loads(text)
        (tmp_path / f"{name}.toml").write_text(text)
        load.cache_clear()
        return load(name)

    yield writing
    load.cache_clear()


def test_a_sound_edition_has_no_fault(write):
    assert list(write(GOOD).faults()) == []


@pytest.mark.parametrize("fault", BAD)
def test_faults_are_found(write, fault):
    old, new = BAD[fault]
    assert old in GOOD
    assert fault in list(write(GOOD.replace(old, new)).faults())


def test_an_altered_or_unlocked_edition_stops_the_start(write, monkeypatch):
    edition = write(GOOD)
    assert [error.id for error in checks.editions_are_sound()] == ["decisions.E002"]
    monkeypatch.setattr(checks, "LOCK", {"x": edition.digest})
    assert checks.editions_are_sound() == []
    write(GOOD.replace("First?", "First!"))
    assert [error.id for error in checks.editions_are_sound()] == ["decisions.E002"]
    write(GOOD.replace('yes = "share"', 'yes = "first"'))
    assert "decisions.E001" in [error.id for error in checks.editions_are_sound()]


def test_the_published_editions_are_the_text_that_was_locked():
    assert checks.editions_are_sound() == []
    assert set(checks.LOCK) == set(published())


def test_the_newest_edition_is_in_force_and_an_unknown_one_is_none(write):
    write(GOOD)
    write(GOOD.replace('"x"', '"y"'), "y")
    assert in_force().edition == "y"
    with pytest.raises(KeyError):
        load("../x")


def test_places_are_questions_or_ends():
    edition = load("2020-07")
    assert isinstance(edition["purpose"], Step)
    assert isinstance(edition[NOT], Outcome)
    with pytest.raises(KeyError):
        edition["nowhere"]


@pytest.mark.clause("M-MYTHS")
@pytest.mark.clause("G-RULES", part=True)
@pytest.mark.parametrize("name", published())
def test_every_rule_principle_and_myth_bears_on_a_question(name):
    edition = load(name)
    steps = edition.steps.values()
    assert {rule for step in steps for rule in step.rules} == set(edition.rules)
    assert {each for step in steps for each in step.principles} == set(edition.principles)
    offered = {myth for step in steps for myths in step.myths.values() for myth in myths}
    assert offered == set(edition.myths)
