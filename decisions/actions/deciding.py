"""Making a decision: begin, answer, split off, say what is due."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.acting import Actor
from decisions.models import Answer, Decision, Point, Weighed
from decisions.moves import ANSWER, DECISION, POINT, WEIGHED
from decisions.protocol import Step, in_force
from requests_app.actions.items import list_anew
from requests_app.models import Enquiry, Item
from workflow.moves import MoveRefused, doubled_is_done


@doubled_is_done
def begin_decision(enquiry: Enquiry, *, by: Actor, once: UUID) -> Decision:
    """Start on the edition in force with every listed item that no decision bears on yet."""
    decision = _a_decision(enquiry, once)
    with DECISION.making("begin", decision, by=by, edition=decision.edition_name):
        items = Item.objects.filter(enquiry=enquiry, status=Item.Status.HELD, weighed=None)
        if not items:
            raise MoveRefused(_("List what you hold before you decide about it."))
    _weigh(decision, items, by=by)
    return decision


@doubled_is_done
def begin_anew(old: Decision, *, by: Actor, once: UUID) -> Decision:
    """Decide anew what the partners sent back; the old decision stays as it is (ISA-5.4)."""
    decision = _a_decision(old.enquiry, once)
    decision.supersedes = old
    with DECISION.making("begin", decision, by=by, edition=decision.edition_name):
        if not needs_deciding_anew(old):
            raise MoveRefused(_("This decision has been made anew already, or need not be."))
    again = [list_anew(each.item, by=by) for each in old.weighed.select_related("item")]
    _weigh(decision, again, by=by)
    return decision


def needs_deciding_anew(decision: Decision) -> bool:
    """Whether the partners asked to reconsider it and nobody has begun to."""
    scrutiny = getattr(decision, "scrutiny", None)
    asked = scrutiny is not None and scrutiny.status == scrutiny.Status.RECONSIDER
    return asked and not Decision.objects.filter(supersedes=decision).exists()


@doubled_is_done
def split_off(decision: Decision, *, by: Actor, once: UUID, items: Sequence[Item]) -> Decision:
    """Decide some items apart from the others; the answers so far go with them."""
    apart = _a_decision(decision.enquiry, once)
    apart.edition_name, apart.edition_digest = decision.edition_name, decision.edition_digest
    with DECISION.making("begin", apart, by=by, edition=apart.edition_name):
        here = {each.item_id for each in decision.weighed.all()}
        going = {item.pk for item in items}
        if not going or not going < here:
            raise MoveRefused(_("Choose some of the pieces of information, but not all of them."))
    DECISION.make("weigh", decision, by=by)
    for each in decision.weighed.filter(item__in=going):
        with WEIGHED.making("part", each, by=by):
            each.decision = apart
    for answer in decision.answers.all():
        answer_step(
            apart, by=by, step=answer.step, choice=answer.choice, reasons=answer.reasons, moot=True
        )
    return apart


def _a_decision(enquiry: Enquiry, once: UUID) -> Decision:
    edition = in_force()
    return Decision(
        id=once,
        case=enquiry.case,
        enquiry=enquiry,
        edition_name=edition.edition,
        edition_digest=edition.digest,
    )


def _weigh(decision: Decision, items: Iterable[Item], *, by: Actor) -> None:
    for item in items:
        weighed = Weighed(case=decision.case, decision=decision, item=item)
        WEIGHED.make("weigh", weighed, by=by)


def answer_step(
    decision: Decision, *, by: Actor, step: str, choice: str, reasons: str, moot: bool = False
) -> None:
    """Answer a question on the path; answering again keeps later answers that still apply.

    Raises MoveRefused for a question that the answers so far make moot, unless ``moot``
    copies answers that were given elsewhere.
    """
    with transaction.atomic():
        pk = uuid5(decision.id, f"answer:{step}")
        row = Answer.objects.filter(pk=pk).first()
        row = row or Answer(id=pk, case=decision.case, decision=decision, step=step)
        with ANSWER.making("give", row, by=by, step=step, choice=choice):
            on_the_path = {place.name: place for place in decision.path()}
            place = decision.edition.steps.get(step) if moot else on_the_path.get(step)
            if not isinstance(place, Step) or choice not in place.answers or not reasons:
                raise MoveRefused(_("This question cannot be answered from here."))
            row.choice, row.reasons = choice, reasons


def say_on_what_basis(
    decision: Decision,
    *,
    by: Actor,
    lawful_basis: str,
    condition: str = "",
    ground: str = "",
    ground_reason: str = "",
) -> None:
    """The lawful basis; the special category condition and the ground for no consent if due."""
    with DECISION.making("weigh", decision, by=by):
        decision.lawful_basis, decision.condition = lawful_basis, condition
        decision.ground, decision.ground_reason = ground, ground_reason


def consider_points(
    decision: Decision, *, by: Actor, kind: str, points: Mapping[str, tuple[bool, str]]
) -> None:
    """Confirm or explain each point: code to whether it is met and why not (H-HOW, CAL)."""
    with transaction.atomic():
        for code, (is_met, explanation) in points.items():
            pk = uuid5(decision.id, f"{kind}:{code}")
            row = Point.objects.filter(pk=pk).first()
            row = row or Point(id=pk, case=decision.case, decision=decision, kind=kind, code=code)
            with POINT.making("consider", row, by=by, kind=kind, code=code):
                row.is_met, row.explanation = is_met, explanation


def say_whether_told(
    decision: Decision, *, by: Actor, told: str, on: date | None, reason: str
) -> None:
    """Whether the child or family has been told, when, or why not (H-HOW)."""
    with DECISION.making("weigh", decision, by=by):
        decision.told, decision.told_on, decision.told_reason = told, on, reason


def say_why_not(decision: Decision, *, by: Actor, because: str, safety: str) -> None:
    """Why it is not shared, and the safety and well-being considered (ISA-5.4)."""
    with DECISION.making("weigh", decision, by=by):
        decision.because, decision.safety = because, safety


def only_items_of(decision: Decision, item: Item) -> None:
    """Raise PermissionDenied for an item on which this decision does not bear."""
    if not decision.weighed.filter(item=item).exists():
        raise PermissionDenied("an item of another decision")
