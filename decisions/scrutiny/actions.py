"""The partners look at each decision not to share (ISA-5.4)."""

from django.utils import timezone

from agencies.acting import Actor
from decisions.models import Scrutiny
from decisions.scrutiny.transitions import SCRUTINY
from requests_app.agency_checks.actions import send_back_to_decide_anew
from requests_app.models import AgencyCheck
from workflow.transitions import idempotent


@idempotent
def accept_decision(scrutiny: Scrutiny, *, by: Actor, reasons: str = "") -> Scrutiny:
    """The partners accept that it is not shared."""
    _close("accept", scrutiny, by=by, reasons=reasons)
    return scrutiny


@idempotent
def ask_to_reconsider(scrutiny: Scrutiny, *, by: Actor, reasons: str) -> Scrutiny:
    """The partners ask the agency to decide anew, with reasons; the old decision stays."""
    _close("reconsider", scrutiny, by=by, reasons=reasons)
    agency_check = scrutiny.decision.agency_check
    # Where another decision of the same check is still being made, the check is open already.
    if agency_check.status == AgencyCheck.Status.ANSWERED:
        send_back_to_decide_anew(agency_check, by=by, reason=reasons)
    return scrutiny


def _close(name: str, scrutiny: Scrutiny, *, by: Actor, reasons: str) -> None:
    with SCRUTINY.making(name, scrutiny, by=by, writes={"reasons": reasons}):
        scrutiny.partner = by.agency
        scrutiny.closed_at = timezone.now()
