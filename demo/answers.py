"""What the invented single points of contact answer."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils.timezone import localdate

from agencies.acting import Actor
from decisions.flow import actions as deciding
from decisions.models import Decision
from decisions.recording import actions as recording
from requests_app.items import actions as items
from requests_app.models import AgencyCheck, Item

TO_SHARE = {
    "purpose": ("yes", "To keep the child safe, which the front door has said plainly."),
    "consent": ("no", "Asking at home could put the child at risk."),
    "identifiable": ("yes", "It is about one named child."),
    "lawful_reason": ("yes", "The safety of a child, and our duty to safeguard."),
}
# What stands behind each title, for what is shared.
HELD: dict[str, dict[str, Any]] = {
    "Attendance in October": {
        "nature": "fact",
        "content": "Came on a Saturday with a bruise on the left arm. Seen, and sent home.",
        "source": "Record of the emergency department",
    },
    "Weight at last visit": {
        "nature": "opinion",
        "content": "The weight is low for the age, without an illness that explains it.",
        "whose": "The paediatric registrar who saw the child",
        "source": "Record of the emergency department",
    },
    "Visits by the police to the address": {
        "nature": "reported",
        "content": "Two neighbours said that the police came at night, twice in one week.",
        "whose": "Two neighbours, to the tenancy manager",
        "source": "Record of complaints",
    },
    "Crisis plan": {
        "nature": "fact",
        "content": "There is a plan for crises, and a telephone number that is answered at night.",
        "source": "Care record",
    },
}


def list_held(
    agency_check: AgencyCheck, by: Actor, *titles: str, special: bool = False
) -> list[Item]:
    """Put what the agency holds on its list, tied to the first question."""
    question = agency_check.questions.first()
    return [
        items.list_item(
            agency_check,
            by=by,
            idempotency_key=uuid4(),
            title=title,
            question=question,
            is_special_category=special,
        )
        for title in titles
    ]


def decide_to_share(decision: Decision, by: Actor) -> Decision:
    """Answer the questions, say what is due for sharing, and record it."""
    for step, (choice, reasons) in TO_SHARE.items():
        deciding.answer_step(decision, by=by, step=step, choice=choice, reasons=reasons)
    deciding.say_on_what_basis(
        decision,
        by=by,
        lawful_basis="public_task",
        condition="safeguarding",
        ground="at_risk",
        ground_reason="To ask for it would tell the person who may pose the risk.",
        safety="The child’s, and that of the brother who lives at home.",
    )
    for each in decision.weighed.select_related("item"):
        as_at = localdate() - timedelta(days=30)
        items.fill_item(each.item, by=by, as_at=as_at, **HELD[each.item.title])
    kinds = ["how", "caldicott"] if decision.agency_check.holder.follows_caldicott else ["how"]
    for kind in kinds:
        _consider(decision, by, kind)
    deciding.say_whether_told(
        decision, by=by, told="no", on=None, reason="It could put the child at risk."
    )
    return recording.record_decision(decision, by=by)


def decide_not_to_share(decision: Decision, by: Actor) -> Decision:
    """Answer no to the first question, give reasons and the safety considered, and record it."""
    deciding.answer_step(
        decision,
        by=by,
        step="purpose",
        choice="no",
        reasons="It does not answer what was asked.",
    )
    deciding.say_why_not(
        decision,
        by=by,
        because="It is not relevant to what was asked. To share it would be more than is needed.",
        safety="We looked for signs of harm and found none that bear on the child's safety.",
    )
    return recording.record_decision(decision, by=by)


def _consider(decision: Decision, by: Actor, kind: str) -> None:
    points = dict.fromkeys(getattr(decision.edition, kind), (True, ""))
    if kind == "how":
        points["open"] = (False, "The family is told once the child is safe.")
    deciding.consider_points(decision, by=by, kind=kind, points=points)
