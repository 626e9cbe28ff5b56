"""Making a decision: begin, answer, split off, say what is due."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from agencies.acting import Actor
from decisions.flow.protocol import Outcome, PageAnswer, Step
from decisions.flow.whole import due_anew
from decisions.flows import flow_now
from decisions.models import Answer, Decision, DecisionItem, Point
from decisions.transitions import ANSWER, DECISION, POINT, WEIGHED
from requests_app.items.actions import fill_item, list_anew
from requests_app.models import AgencyCheck, Item
from workflow.act import act
from workflow.related import keep_children
from workflow.rows import children_of, find_row
from workflow.transitions import TransitionRefused, idempotent
from workflow.versions import ChangedMeanwhile, only_if_unchanged, version_of


@idempotent
def begin_decision(agency_check: AgencyCheck, *, by: Actor, idempotency_key: UUID) -> Decision:
    """Start on the edition in force with every listed item that no decision bears on yet."""
    decision = _a_decision(agency_check, idempotency_key)
    with DECISION.making("begin", decision, by=by, edition=decision.edition_name):
        items = Item.objects.filter(
            agency_check=agency_check, status=Item.Status.HELD, weighed=None
        )
        if not items:
            raise TransitionRefused(_("Add what you hold before you decide about it."))
    _weigh(decision, items, by=by)
    return decision


@idempotent
def begin_anew(old: Decision, *, by: Actor, idempotency_key: UUID) -> Decision:
    """Decide anew what the partners sent back; the old decision stays as it is (ISA-5.4)."""
    decision = _a_decision(old.agency_check, idempotency_key)
    decision.supersedes = old
    with DECISION.making("begin", decision, by=by, edition=decision.edition_name):
        if not due_anew(pk=old.pk).exists():
            raise TransitionRefused(
                _("This decision has been reconsidered already, or does not need to be.")
            )
    withheld = old.weighed.filter(item__status=Item.Status.WITHHELD).select_related("item")
    again = [list_anew(each.item, by=by) for each in withheld]
    _weigh(decision, again, by=by)
    return decision


@idempotent
def split_off(
    decision: Decision, *, by: Actor, idempotency_key: UUID, items: Sequence[Item]
) -> Decision:
    """Decide some items apart from the others; the answers so far go with them."""
    apart = _a_decision(decision.agency_check, idempotency_key)
    apart.edition_name, apart.edition_digest = decision.edition_name, decision.edition_digest
    apart.agreement = decision.agreement
    with DECISION.making("begin", apart, by=by, edition=apart.edition_name):
        here = {each.item_id for each in decision.weighed.all()}
        going = {item.pk for item in items}
        if not going or not going < here:
            raise TransitionRefused(
                _("Choose some of the pieces of information, but not all of them.")
            )
    DECISION.make("weigh", decision, by=by)
    for each in decision.weighed.filter(item__in=going):
        with WEIGHED.making("part", each, by=by):
            each.decision = apart
    for answer in decision.answers.all():
        answer_step(
            apart, by=by, step=answer.step, choice=answer.choice, reasons=answer.reasons, moot=True
        )
    return apart


def _a_decision(agency_check: AgencyCheck, idempotency_key: UUID) -> Decision:
    agreement, edition = flow_now()
    return Decision(
        id=idempotency_key,
        case=agency_check.case,
        agency_check=agency_check,
        agreement=agreement,
        edition_name=edition.edition,
        edition_digest=edition.digest,
    )


def _weigh(decision: Decision, items: Iterable[Item], *, by: Actor) -> None:
    for item in items:
        weighed = DecisionItem(case=decision.case, decision=decision, item=item)
        WEIGHED.make("weigh", weighed, by=by)


@idempotent
def answer_step(
    decision: Decision,
    *,
    by: Actor,
    step: str,
    choice: str,
    reasons: str,
    moot: bool = False,
    expected_version: int | None = None,
) -> Answer:
    """Answer a question on the path; answering again keeps later answers that still apply.

    Raises TransitionRefused for a question that the answers so far make moot, unless ``moot``
    copies answers that were given elsewhere.
    """
    with act():
        pk = uuid5(decision.id, f"answer:{step}")
        row = find_row(Answer, pk)
        row = row or Answer(id=pk, case=decision.case, decision=decision, step=step)
        making = ANSWER.making("give", row, by=by, step=step, choice=choice)
        with making, _WITH_ANSWERS(row.decision):
            others = [each for each in row.decision.answers.all() if each.pk != pk]
            on_the_path = {place.name: place for place in row.decision.path()}
            place = row.decision.edition.steps.get(step) if moot else on_the_path.get(step)
            known = isinstance(place, Step) and choice in place.answers
            if not known or not (reasons or row.decision.edition.refuses(step, choice)):
                raise TransitionRefused(_("This question cannot be answered from here."))
            written = {"choice": choice, "reasons": reasons}
            only_if_unchanged(
                row, expected_version=expected_version, now=row.version, written=written
            )
            row.choice, row.reasons = choice, reasons
        keep_children(row.decision, "answers", [*others, row])
    return row


_WITH_ANSWERS = children_of(Decision, "answers")


def answer_page(
    decision: Decision, *, by: Actor, answers: Sequence[PageAnswer], reasons: str, ground: str = ""
) -> Decision:
    """Answer the questions of one page, in their order, all of them or none (F-FLOW).

    ``reasons`` are of each of them. ``ground`` is the lawful reason for sharing without consent,
    where one of them asks for it: its reasons are these.
    """
    with act(apart=True) if len(answers) > 1 or ground else nullcontext():  # one is so by itself
        for each in answers:
            row = answer_step(
                decision,
                by=by,
                step=each.step,
                choice=each.choice,
                reasons=reasons,
                expected_version=each.expected_version,
            )
            decision = row.decision
        if ground and (decision.ground, decision.ground_reason) != (ground, reasons):
            with DECISION.making("weigh", decision, by=by):
                decision.ground, decision.ground_reason = ground, reasons
    return decision


@idempotent
def say_on_what_basis(
    decision: Decision,
    *,
    by: Actor,
    lawful_basis: str,
    condition: str = "",
    ground: str = "",
    ground_reason: str = "",
    safety: str = "",
    expected_version: int | None = None,
) -> Decision:
    """The lawful basis, the condition and the ground where they are due, the safety considered."""
    written = {
        "lawful_basis": lawful_basis,
        "condition": condition,
        "ground": ground,
        "ground_reason": ground_reason,
        "safety": safety,
        "because": "",  # asked anew, should it come to not sharing after all
    }
    return _write(decision, written, by=by, expected_version=expected_version)


@idempotent
def say_whether_told(
    decision: Decision,
    *,
    by: Actor,
    told: str,
    on: date | None,
    reason: str,
    expected_version: int | None = None,
) -> Decision:
    """Whether the child or family has been told, when, or why not (H-HOW)."""
    written = {"told": told, "told_on": on, "told_reason": reason}
    return _write(decision, written, by=by, expected_version=expected_version)


@idempotent
def say_why_not(
    decision: Decision, *, by: Actor, because: str, safety: str, expected_version: int | None = None
) -> Decision:
    """Why it is not shared, and the safety and well-being considered (ISA-5.4)."""
    return _write(
        decision, {"because": because, "safety": safety}, by=by, expected_version=expected_version
    )


def _write(
    decision: Decision, written: Mapping[str, Any], *, by: Actor, expected_version: int | None
) -> Decision:
    """Put the values on the decision, unless somebody else has put others there meanwhile."""
    with DECISION.making("weigh", decision, by=by):
        only_if_unchanged(
            decision, expected_version=expected_version, now=decision.version, written=written
        )
        for name, value in written.items():
            setattr(decision, name, value)
    return decision


def consider_points(
    decision: Decision,
    *,
    by: Actor,
    kind: str,
    points: Mapping[str, tuple[bool, str]],
    expected_version: int | None = None,
) -> None:
    """Confirm or explain each point: code to whether it is met and why not (H-HOW, CAL).

    ``expected_version`` is the version of all points of the kind that the page was filled in from.
    """
    rows = Point.objects.filter(decision=decision, kind=kind)
    with act():
        for code, (is_met, explanation) in points.items():
            pk = uuid5(decision.id, f"{kind}:{code}")
            row = find_row(Point, pk)
            row = row or Point(id=pk, case=decision.case, decision=decision, kind=kind, code=code)
            with POINT.making("consider", row, by=by, kind=kind, code=code):
                if expected_version is not None and expected_version != version_of(rows.all()):
                    there = {each.code: (each.is_met, each.explanation) for each in rows.all()}
                    if there != dict(points):
                        raise ChangedMeanwhile
                expected_version = None  # compared once, before the first is written
                row.is_met, row.explanation = is_met, explanation


def describe_item(
    decision: Decision, item: Item, *, by: Actor, expected_version: int | None = None, **said: Any
) -> Item:
    """Say what an item is; only once the answers lead to sharing it (P-ACCURATE).

    What is not to be shared is never typed in.
    """
    with act():
        DECISION.make("weigh", decision, by=by)
        place = decision.where()
        if not isinstance(place, Outcome) or not place.shares:
            raise TransitionRefused(_("Your answers do not lead to sharing this any more."))
        if not decision.weighed.filter(item=item).exists():
            raise TransitionRefused(_("This is now part of another decision."))
        return fill_item(item, by=by, expected_version=expected_version, **said)
