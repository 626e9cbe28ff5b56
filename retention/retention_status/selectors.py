"""How long one record is kept, for those who have a part in it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from agencies.acting import Actor
from agencies.permissions import Permission
from requests_app.models import AgencyCheck, InformationRequest
from retention.disposal.reckoning import Reckoned, is_gone, reckon
from retention.models import Disposal, Hold, PurposeServed
from retention.policies import DISPOSALS, HOLDS, OWN_HOLDS, PURPOSES
from retention.transitions import CLOSED, SENT

ASKERS = (Permission.SEND_REQUEST, Permission.TRIAGE, Permission.OVERSEE)


@dataclass
class Kept:
    """What the page shows; of what others hold it for, only the front door is told."""

    reckoned: Reckoned | None = None
    disposal: Disposal | None = None
    gone: bool = False
    served: PurposeServed | None = None
    holds: list[Hold] = field(default_factory=list)
    can_say: bool = False
    can_take_back: bool = False
    can_hold: bool = False
    left: list[dict[str, Any]] = field(default_factory=list)


def kept_request(case: InformationRequest, actor: Actor) -> Kept:
    """For the requester, their agency and the front door."""
    found = Kept(holds=_holds(case, actor), can_hold=_may_hold(case, actor), gone=is_gone(case))
    said = PURPOSES.scope(actor, *ASKERS).filter(case=case, status=PurposeServed.Status.SAID)
    found.served = said.first()
    asks = case.agency_id == actor.agency.pk and bool(
        {Permission.SEND_REQUEST.value, Permission.OVERSEE.value} & actor.permissions
    )
    found.can_say = asks and case.status in CLOSED and found.served is None and not found.gone
    found.can_take_back = asks and found.served is not None and not found.gone
    if Permission.TRIAGE in actor.permissions:
        found.disposal = (
            DISPOSALS.scope(actor, Permission.TRIAGE)
            .filter(case=case)
            .exclude(status=Disposal.Status.KEPT)
            .select_related("list")
            .first()
        )
        found.reckoned = reckon([case])[0] if case.status in CLOSED and not found.gone else None
        found.left = _left(case) if found.gone else []
    return found


def kept_check(check: AgencyCheck, actor: Actor) -> Kept:
    """For an agency that was asked: its own holds, and nothing of anybody else's."""
    case = check.case
    return Kept(holds=_holds(case, actor), can_hold=_may_hold(case, actor), gone=is_gone(case))


def where_it_is(hold: Hold, actor: Actor) -> tuple[str, UUID]:
    """The page on which somebody sees a hold of their agency: of the request, or of its check."""
    case = hold.case
    check = case.agency_checks.filter(holder=actor.agency).order_by("sent_at").first()
    if check is None or actor.agency.pk in (case.desk_id, case.agency_id):
        return "retention:of_request", case.pk
    return "retention:of_check", check.pk


def _holds(case: InformationRequest, actor: Actor) -> list[Hold]:
    """Those on it, each with whether this person may lift it."""
    own = OWN_HOLDS.scope(actor, Permission.TRIAGE, Permission.OVERSEE).filter(pk=OuterRef("pk"))
    rows = HOLDS.scope(actor, Permission.TRIAGE, Permission.OVERSEE).filter(
        case=case, status=Hold.Status.ON
    )
    return list(rows.select_related("agency", "owner").annotate(can_be_lifted=Exists(own)))


def _may_hold(case: InformationRequest, actor: Actor) -> bool:
    permission = {Permission.TRIAGE.value, Permission.OVERSEE.value} & actor.permissions
    return bool(permission) and case.status in SENT and not is_gone(case)


def _left(case: InformationRequest) -> list[dict[str, Any]]:
    """What is left of a record whose key is gone: who, when, with what outcome."""
    return [
        {
            "agency": check.holder,
            "reference": check.reference,
            "outcome": check.get_outcome_display(),
            "answered_at": check.answered_at,
            "by": [decision.decided_by for decision in check.decisions.all()],
        }
        for check in case.agency_checks.select_related("holder").prefetch_related(
            "decisions__decided_by"
        )
    ]
