"""Questions to an adviser, as the adviser finds them: nobody's identity among them (F-ADVICE)."""

from dataclasses import dataclass

from django.db.models import QuerySet

from agencies.acting import Actor
from agencies.grants import people_who
from agencies.permissions import Permission
from decisions.models import AdviceRequest, Decision
from decisions.policies import ADVICE
from requests_app.models import AgencyCheck

LATEST = 20


@dataclass(frozen=True)
class Asked:
    """What an adviser sees of the decision: the question of the flow, and the golden rule."""

    ask: str
    hint: str
    rule: str


def waiting(actor: Actor) -> list[AdviceRequest]:
    """Those that wait for an answer, the oldest first."""
    return _with_questions(unanswered(actor).order_by("asked_at"))


def unanswered(actor: Actor) -> QuerySet[AdviceRequest]:
    """Questions that can still be answered: the decision waits for it."""
    rows = _all(actor).filter(status=AdviceRequest.Status.ASKED)
    return rows.filter(
        decision__status=Decision.Status.WAITING,
        decision__agency_check__status=AgencyCheck.Status.TAKEN,
    )


def given(actor: Actor) -> list[AdviceRequest]:
    """The latest that were answered."""
    rows = _all(actor).filter(status=AdviceRequest.Status.GIVEN)
    return _with_questions(rows.order_by("-given_at")[:LATEST])


def _all(actor: Actor) -> QuerySet[AdviceRequest]:
    return ADVICE.scope(actor, Permission.ADVISE).select_related("decision__agency_check")


def _with_questions(rows: QuerySet[AdviceRequest]) -> list[AdviceRequest]:
    listed = list(rows)
    for row in listed:
        row.asked = asked(row)  # type: ignore[attr-defined]
    return listed


def asked(advice: AdviceRequest) -> Asked:
    """The question of the flow at which it was asked, and the rule on seeking advice."""
    edition = advice.decision.edition
    step = edition.steps[advice.step]
    return Asked(step.ask, step.hint, edition.rules.get(RULE, ""))


RULE = "3"  # seek advice if in doubt


def is_waiting(advice: AdviceRequest) -> bool:
    """Whether it can be answered still."""
    decision = advice.decision
    waits = decision.status == Decision.Status.WAITING and not decision.agency_check.is_withdrawn
    return waits and advice.status == AdviceRequest.Status.ASKED


def has_adviser(agency_check: AgencyCheck) -> bool:
    """Whether the agency has anybody who can answer."""
    return people_who(Permission.ADVISE, agency_check.holder).exists()
