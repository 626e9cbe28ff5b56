"""What a requester does: start a request, say what it is for, send it."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import Agency
from agencies.permissions import Permission
from agreement.editions.selectors import purposes_offered
from agreement.signing.participation import only_if_it_takes_part
from encryption.casekeys import create_case_key
from requests_app.clocks.actions import deadline_of, due_by_now, let_the_clock_run
from requests_app.matching.actions import forget_tokens
from requests_app.models import Clarification, InformationRequest
from requests_app.policies import REQUESTS
from requests_app.readiness import can_be_sent
from requests_app.request_fields import REQUEST_FIELDS
from requests_app.transitions import CLARIFICATION, REQUEST
from workflow.compiled import ForActor
from workflow.locking import one_at_a_time
from workflow.transitions import TransitionRefused, idempotent


@idempotent
def start_request(*, by: Actor, idempotency_key: UUID, desk: Agency) -> InformationRequest:
    """Begin a draft; its case key exists before anything is sealed under it."""
    return _start(by, idempotency_key, desk)


def _start(by: Actor, pk: UUID, desk: Agency) -> InformationRequest:
    create_case_key(pk)
    case = InformationRequest(id=pk, desk=desk, agency=by.agency, requested_by=by.user)
    REQUEST.make("start", case, by=by)
    return case


@idempotent
def go_on_or_start(*, by: Actor, idempotency_key: UUID, desk: Agency) -> InformationRequest:
    """Go on with a draft that is still empty, or begin one; two tabs at once begin one."""
    one_at_a_time(f"requests_app.start:{by.user.pk}")
    drafts: list[InformationRequest] = _EMPTY_DRAFTS(by)
    return drafts[0] if drafts else _start(by, idempotency_key, desk)


def _empty_drafts(actor: Any) -> Any:
    """Those that this person began and put nothing into, the newest first."""
    rows = REQUESTS.scope(actor, Permission.SEND_REQUEST).filter(
        status=InformationRequest.Status.DRAFT, purposes=[], rating="", parents_told=""
    )
    parts = {"subjects": None, "needs": None, "attachments": None, "consent": None}
    return rows.filter(**parts).order_by("-started_at")[:1]


_EMPTY_DRAFTS = ForActor(_empty_drafts)


def describe(case: InformationRequest, *, by: Actor, part: str, **said: Any) -> None:
    """Say what one part of a request asks, each answer by its name in the form (ISA-3.8).

    How urgent it is only until it is sent: the front door rates it after (P-TIMELY).
    """
    columns = {field.asked_as: field.name for field in REQUEST_FIELDS if field.part == part}
    with REQUEST.making("describe", case, by=by):
        if part == "rating" and not case.is_rated_by_requester:
            raise TransitionRefused(
                _(
                    "The front door rates a request once it has been sent. If it has become "
                    "more or less urgent, say so in your answers."
                )
            )
        for name, answer in said.items():
            # As it is kept: a list in one order, whatever it came in.
            kept = sorted(answer) if isinstance(answer, tuple | list | set) else answer
            setattr(case, columns[name], kept)


@idempotent
def discard_draft(case: InformationRequest, *, by: Actor) -> InformationRequest:
    """Give up a draft that was never sent; nobody else has seen it."""
    with REQUEST.making("discard", case, by=by):
        forget_tokens(case)
    return case


@idempotent
def send_request(case: InformationRequest, *, by: Actor) -> InformationRequest:
    """Send a complete request to the front door; the clock starts, or runs on again.

    Raises TransitionRefused while a part that must be there is missing, and for a new request of an
    agency that takes no part (ISA-2.1); what the front door has asked back can be answered.
    """
    with REQUEST.making("send", case, by=by):
        came_back = case.status == case.Status.RETURNED
        if case.status == case.Status.DRAFT:
            only_if_it_takes_part(case.agency_id, _("The request is kept as a draft."))
        if set(case.purposes) - {purpose for purpose, _label in purposes_offered()}:
            raise TransitionRefused(
                _("The agreement in force does not allow all of these purposes. Choose them again.")
            )
        if not can_be_sent(case):
            raise TransitionRefused(
                _("Part of the request is still missing. Complete it, then send.")
            )
        case.sent_at = case.sent_at or timezone.now()
        case.due_at = due_by_now(case) if came_back else deadline_of(case.sent_at, case.rating)
    if came_back:  # until then it waits for nobody
        let_the_clock_run(case, "requester_answered", by=by)
    return case


def answer_clarification(clarification: Clarification, *, by: Actor, answer: str) -> None:
    """The requester answers one of the front door's questions."""
    with CLARIFICATION.making("answer", clarification, by=by):
        clarification.answer = answer
