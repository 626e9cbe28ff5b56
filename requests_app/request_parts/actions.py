"""What a request is made of: facts needed, and consent."""

from datetime import date
from uuid import UUID

from agencies.acting import Actor
from requests_app.models import Consent, InformationRequest, Need
from requests_app.request_fields import CONSENT_FIELDS
from requests_app.transitions import CONSENT, NEED
from workflow.act import act
from workflow.rows import find_row
from workflow.transitions import idempotent


@idempotent
def add_need(
    case: InformationRequest, *, by: Actor, idempotency_key: UUID, fact: str, why: str
) -> Need:
    """Ask for one fact, and say why it is needed (P-NECESSARY)."""
    need = Need(id=idempotency_key, case=case, fact=fact, why=why)
    NEED.make("add", need, by=by)
    return need


def change_need(need: Need, *, by: Actor, fact: str, why: str) -> None:
    """Put a question otherwise."""
    with NEED.making("change", need, by=by):
        need.fact, need.why = fact, why


@idempotent
def remove_need(need: Need, *, by: Actor) -> Need:
    """Ask it no longer."""
    NEED.make("remove", need, by=by)
    return need


def record_consent(
    case: InformationRequest, *, by: Actor, answer: str, **details: str | date | None
) -> Consent:
    """Record what became of consent: who, for what, how, when; or why it was not sought.

    What is not said this time is there no longer: each answer has its own ``details``.
    """
    said = Consent(id=case.id, case=case, answer=answer, **details)
    with act():
        consent = find_row(Consent, case.pk) or Consent(case=case, id=case.id)
        with CONSENT.making("record", consent, by=by):
            for field in CONSENT_FIELDS:
                setattr(consent, field.name, getattr(said, field.name))
    return consent
