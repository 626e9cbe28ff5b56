"""What the pages of a walk through the flow show: where to go on, what bears, what is due."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from decisions.flow.protocol import Myth, Step
from decisions.flow.readiness import is_being_made, parts_due
from decisions.flow.selectors import label_of
from decisions.flow.whole import items_of, part_of
from decisions.models import AdviceRequest, Answer, Decision, Point
from requests_app.models import Question
from requests_app.release.selectors import Withheld
from workflow.together import Rows


@dataclass(frozen=True)
class Belief:
    """The myths offered before an answer to a question, and what is true."""

    step: str
    choice: str
    is_chosen: bool
    myths: list[Myth]


@dataclass(frozen=True)
class Bearing:
    """What bears on a question: golden rules, principles, myths, and advice taken on it."""

    rules: list[tuple[str, str]]
    principles: list[str]
    beliefs: list[Belief]
    advice: list[AdviceRequest]


def bearing_on(decision: Decision, asked: Sequence[Step], chosen: Mapping[str, str]) -> Bearing:
    """What the page of these questions shows beside them (G-RULES, M-MYTHS)."""
    edition = decision.edition
    names = {step.name: step for step in asked}
    advice: list[Any] = [
        each
        for each in part_of(decision, "advice")
        if each.step in names and each.status == AdviceRequest.Status.GIVEN
    ]
    for each in advice:
        each.ask = names[each.step].ask
    rules = {code for step in asked for code in step.rules}
    principles = {code for step in asked for code in step.principles}
    return Bearing(
        rules=[(code, rule) for code, rule in edition.rules.items() if code in rules],
        principles=[text for code, text in edition.principles.items() if code in principles],
        beliefs=[
            Belief(
                step.name,
                label_of(choice),
                choice == chosen.get(step.name),
                [edition.myths[code] for code in codes],
            )
            for step in asked
            for choice, codes in step.myths.items()
        ],
        advice=advice,
    )


def can_answer(decision: Decision, step: Step) -> bool:
    """Whether the question is on the path and the decision is being made."""
    return is_being_made(decision) and step in decision.path()


def next_page(decision: Decision) -> str:
    """Where to go on: the next question, what its outcome still asks for, or the record to check.

    More than one piece of information has a page each, before what is asked of all of them.
    """
    place = decision.where()
    if isinstance(place, Step):
        return reverse("decisions:step", args=[decision.pk, place.name])
    pieces = items_of(decision)
    if not pieces:
        return reverse("decisions:decision", args=[decision.pk])
    if all(part.done for part in parts_due(decision)):
        return reverse("decisions:record", args=[decision.pk])
    if not place.shares:
        return reverse("decisions:why_not", args=[decision.pk])
    empty = [item for item in pieces if not item.is_filled]
    if empty and len(pieces) > 1:
        return reverse("decisions:content", args=[decision.pk, empty[0].pk])
    return reverse("decisions:sharing", args=[decision.pk])


def tasks_of(decision: Decision) -> list[dict[str, Any]]:
    """What the outcome asks for, as a task list; a line for each piece of information."""
    tasks: list[dict[str, Any]] = []
    for part in parts_due(decision):
        if part.code == "content":
            tasks += [
                _task(item.title, item.is_filled, "content", decision.pk, item.pk)
                | {"hint": _("What it says, its source and its date")}
                for item in items_of(decision)
            ]
        else:
            tasks.append(_task(part.title, part.done, part.code, decision.pk))
    return tasks


def _task(title: Any, done: bool, name: str, *keys: Any) -> dict[str, Any]:
    state = {"status": _("Completed")} if done else {"status": _("To do"), "colour": "blue"}
    return {"title": title, "href": reverse(f"decisions:{name}", args=keys), **state}


def to_the_requester(decision: Decision) -> Withheld:
    """What the requester reads of a decision not to share, in the words of their own page."""
    return Withheld(decision.because, decision.safety)


def left_unanswered(decision: Decision, found: Rows) -> list[Question] | None:
    """The questions of the check that nothing on its list answers, shared or not.

    None where recording this decision does not end the check, since more is to be decided.
    """
    if found["not_weighed"] or found["due_of_check"]:
        return None
    return [each for each in found["questions"] if each.pk not in found["on_the_list"]]


def points_of(decision: Decision, kind: str) -> list[Point]:
    """The points of one list that have been considered."""
    return [each for each in part_of(decision, "points") if each.kind == kind]


def still_asked(decision: Decision) -> AdviceRequest | None:
    """The question to the adviser that waits for an answer."""
    asked = AdviceRequest.Status.ASKED
    return next((each for each in part_of(decision, "advice") if each.status == asked), None)


def answers_of(decision: Decision) -> dict[str, Answer]:
    """The answer given at each step, also if it was moot in between."""
    return {each.step: each for each in part_of(decision, "answers")}


def asked_together(
    decision: Decision, step: Step, answers: Mapping[str, Answer], posted: Collection[str]
) -> Sequence[Step]:
    """The questions of its page; one by one where each has reasons of its own on record.

    One text for all of them would put under each what was said of another. A page that was sent
    with all of them has all of them, so that what changed since is told.
    """
    steps = decision.edition.together(step)
    if any(f"{each.name}_version" in posted for each in steps[1:]):
        return steps
    said = {answers[each.name].reasons for each in steps if each.name in answers}
    return steps if len(said) < 2 else steps[:1]  # noqa: PLR2004
