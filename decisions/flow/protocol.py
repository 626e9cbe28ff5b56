"""The decision flow as data. Nothing here knows about Django or a database (F-FLOW)."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

EDITIONS = Path(__file__).parents[1] / "editions"


@dataclass(frozen=True)
class Step:
    """A question. Each answer names the step or outcome it leads to."""

    name: str
    ask: str
    answers: Mapping[str, str]
    hint: str = ""
    rules: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    myths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class PageAnswer:
    """The answer to one question, and the version of it that the page was filled in from."""

    step: str
    choice: str
    expected_version: int | None = None


@dataclass(frozen=True)
class Outcome:
    """An end of the flow."""

    name: str
    label: str
    told: str
    shares: bool


@dataclass(frozen=True)
class Myth:
    """A belief that stops people from sharing, and what is true."""

    myth: str
    answer: str


Place = Step | Outcome


@dataclass(frozen=True)
class Edition:
    """One published version of the protocol, read from one file.

    Beside the flow it brings the words that go with it: golden rules, principles, myths,
    the points to consider when sharing, and the conditions, grounds and bases to choose from.
    """

    edition: str
    title: str
    start: str
    steps: Mapping[str, Step]
    outcomes: Mapping[str, Outcome]
    how: Mapping[str, str]
    rules: Mapping[str, str]
    principles: Mapping[str, str]
    myths: Mapping[str, Myth]
    caldicott: Mapping[str, str]
    conditions: Mapping[str, str]
    grounds: Mapping[str, str]
    bases: Mapping[str, str]
    digest: str

    def __getitem__(self, name: str) -> Place:
        return self.steps.get(name) or self.outcomes[name]

    def path(self, answers: Mapping[str, str]) -> list[Place]:
        """Walk from the start as far as ``answers`` lead; the last place is where we are.

        Answers to questions that are not on the path are simply not met, so changing an
        early answer needs no clearing up of later ones.
        """
        place = self[self.start]
        passed = [place]
        while isinstance(place, Step) and answers.get(place.name) in place.answers:
            place = self[place.answers[answers[place.name]]]
            passed.append(place)
        return passed

    def where(self, answers: Mapping[str, str]) -> Place:
        """The question to ask next, or the outcome reached."""
        return self.path(answers)[-1]

    def refuses(self, step: str, choice: str) -> bool:
        """Whether this answer ends in not sharing, which asks for reasons of its own."""
        end = self.outcomes.get(self.steps[step].answers.get(choice, ""))
        return end is not None and not end.shares

    def together(self, step: Step) -> list[Step]:
        """The questions of one page: a question and, one by one, those that it can lead to.

        The first has a page of its own: it is of the purpose. What follows is all of consent.
        """
        passed = [step]
        while step.name != self.start:
            after = [self.steps[name] for name in step.answers.values() if name in self.steps]
            if len(after) != 1:
                break
            (step,) = after
            passed.append(step)
        return passed

    def faults(self) -> Iterator[str]:
        """Every reason why this edition must not be used: loops, dead ends, unknown names."""
        seen: set[str] = set()
        yield from self._walk(self.start, (), seen)
        for name in [*self.steps, *self.outcomes]:
            if name not in seen:
                yield f"{name} can never be reached"
        for step in self.steps.values():
            if not step.answers:
                yield f"{step.name} has no answers"
            yield from self._unknown(step)
        if {outcome.shares for outcome in self.outcomes.values()} != {True, False}:
            yield "there must be an end that shares and one that does not"

    def _walk(self, name: str, trail: tuple[str, ...], seen: set[str]) -> Iterator[str]:
        if name in trail:
            yield f"{name} leads back to itself"
        elif name not in self.steps and name not in self.outcomes:
            yield f"{trail[-1] if trail else 'start'} leads to unknown {name}"
        elif name not in seen:
            seen.add(name)
            for target in self.steps[name].answers.values() if name in self.steps else ():
                yield from self._walk(target, (*trail, name), seen)

    def _unknown(self, step: Step) -> Iterator[str]:
        named = {
            "rule": (step.rules, self.rules),
            "principle": (step.principles, self.principles),
            "myth": ([myth for myths in step.myths.values() for myth in myths], self.myths),
        }
        for kind, (names, known) in named.items():
            for name in names:
                if name not in known:
                    yield f"{step.name} names unknown {kind} {name}"


@cache
def load(edition: str) -> Edition:
    """Read one edition from its file. Raises KeyError for one that is not published."""
    if edition not in published():
        raise KeyError(edition)
    raw = (EDITIONS / f"{edition}.toml").read_bytes()
    data = tomllib.loads(raw.decode())
    steps = {name: _step(name, **step) for name, step in data.pop("steps").items()}
    ends = {name: Outcome(name=name, **end) for name, end in data.pop("outcomes").items()}
    myths = {name: Myth(**myth) for name, myth in data.pop("myths").items()}
    digest = hashlib.sha256(raw).hexdigest()
    return Edition(**data, steps=steps, outcomes=ends, myths=myths, digest=digest)


def _step(name: str, **parts: object) -> Step:
    parts["myths"] = {
        answer: tuple(myths)
        for answer, myths in parts.get("myths", {}).items()  # type: ignore[attr-defined]
    }
    for plural in ("rules", "principles"):
        parts[plural] = tuple(parts.get(plural, ()))  # type: ignore[arg-type]
    return Step(name=name, **parts)  # type: ignore[arg-type]


def published() -> list[str]:
    """The names of every edition, oldest first."""
    return sorted(path.stem for path in EDITIONS.glob("*.toml"))


def in_force() -> Edition:
    """The latest edition: decisions begun now are made under it until partners agree to one.

    Which one they agreed to is for ``decisions.flows`` to say.
    """
    return load(published()[-1])
