"""What is due before a decision can be recorded, and whether it is there."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from decisions.flow.protocol import Outcome
from decisions.flow.whole import due_anew, items_of
from decisions.models import Decision, Point
from requests_app.models import AgencyCheck, Item
from workflow.compiled import Compiled


@dataclass(frozen=True)
class Part:
    """One thing due: its code, its name on the page, and whether it is complete."""

    code: str
    title: Any
    done: bool


def parts_due(decision: Decision) -> list[Part]:
    """What the outcome reached still asks for; nothing before an outcome is reached."""
    place = decision.where()
    if not isinstance(place, Outcome):
        return []
    if not place.shares:
        return [Part("why_not", _("Reasons, and safety considered"), _says_why_not(decision))]
    filled = all(item.is_filled for item in items_of(decision))
    return [
        Part("basis", _("Lawful basis, and safety considered"), _says_basis(decision)),
        Part("content", _("The information to share"), filled),
        Part("how", _("How it is shared"), _considered(decision, Point.Kind.HOW)),
        *_caldicott(decision),
        Part("told", _("Whether the child or family is told"), _says_told(decision)),
    ]


def is_being_made(decision: Decision) -> bool:
    """Whether it is open, and its check has not been withdrawn."""
    return decision.status == Decision.Status.OPEN and not decision.agency_check.is_withdrawn


def is_due(decision: Decision, code: str) -> bool:
    """Whether the page of this part is open now."""
    return is_being_made(decision) and any(part.code == code for part in parts_due(decision))


def can_be_recorded(decision: Decision) -> bool:
    """Whether an outcome is reached and all that it asks for is there."""
    parts = parts_due(decision)
    is_open = is_being_made(decision)
    return is_open and bool(parts) and all(part.done for part in parts) and bool(items_of(decision))


def can_be_finished(agency_check: AgencyCheck) -> bool:
    """Whether nothing of a check is left to decide, though it is not answered yet.

    So it is when what was last undecided was taken off the list.
    """
    states = set(_STATES(agency_check=agency_check.pk))
    if agency_check.status != AgencyCheck.Status.TAKEN or not states or Item.Status.HELD in states:
        return False
    return not _DUE_ANEW(agency_check=agency_check.pk)


def _states(agency_check: UUID) -> Any:
    items = Item.objects.filter(agency_check=agency_check).exclude(status=Item.Status.DROPPED)
    return items.values_list("status", flat=True)


_STATES = Compiled(_states)
_DUE_ANEW = Compiled(lambda agency_check: due_anew(agency_check=agency_check).values_list("pk")[:1])


def state_of(decision: Decision) -> str:
    """Short for exactly what the decision says now; anything that changes it changes this."""
    rows = [decision, *decision.answers.all(), *decision.points.all(), *items_of(decision)]
    said = ",".join(sorted(f"{row.pk}:{row.version}" for row in rows))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def has_special_category(decision: Decision) -> bool:
    """Whether an item is special category, so that a condition is due (ISA-4.4)."""
    return any(item.is_special_category for item in items_of(decision))


def _says_why_not(decision: Decision) -> bool:
    return bool(decision.because and decision.safety)


def _says_basis(decision: Decision) -> bool:
    """Basis; condition for special categories; ground without consent; safety (DP-SPECIAL)."""
    ground = bool(decision.ground and decision.ground_reason)
    return bool(
        decision.lawful_basis
        and (decision.condition or not has_special_category(decision))
        and (decision.with_consent or ground)
        and decision.safety
    )


def _caldicott(decision: Decision) -> list[Part]:
    """The principles say how information is used, so they are asked only where some is (CAL)."""
    if not decision.agency_check.holder.follows_caldicott:
        return []
    done = _considered(decision, Point.Kind.CALDICOTT)
    return [Part("caldicott", _("Caldicott principles"), done)]


def _considered(decision: Decision, kind: Point.Kind) -> bool:
    """Each point of the list is met, or there is an explanation why not."""
    wanted = decision.edition.how if kind == Point.Kind.HOW else decision.edition.caldicott
    rows = {point.code: point for point in decision.points.all() if point.kind == kind}
    return all(code in rows and (rows[code].is_met or rows[code].explanation) for code in wanted)


def _says_told(decision: Decision) -> bool:
    if decision.told == "yes":
        return decision.told_on is not None
    return decision.told == "no" and bool(decision.told_reason)
