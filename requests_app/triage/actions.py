"""What the front door does with a request that has come in (ISA-3.8)."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from agencies.acting import Actor
from requests_app.choices import PauseReason
from requests_app.clocks.actions import (
    deadline_of,
    due_by_now,
    let_the_clock_run,
    stop_the_clock,
)
from requests_app.models import (
    AgencyCheck,
    Clarification,
    DeskChoice,
    InformationRequest,
    TriageCheck,
)
from requests_app.readiness import checks_left, checks_made
from requests_app.transitions import AGENCY_CHECK, CLARIFICATION, REQUEST, TRIAGE_CHECK
from requests_app.triage.owning import version_but_for_owners
from workflow.act import act
from workflow.transitions import AlreadyMade, TransitionRefused, idempotent, refuse_other_words
from workflow.versions import ChangedMeanwhile, only_if_unchanged, version_of


def keep_choice(*, by: Actor, query: str) -> None:
    """Keep what somebody chose to see of their desk; of two tabs the one that chose last."""
    DeskChoice.objects.bulk_create(
        [DeskChoice(person=by.user, desk=by.agency, query=query)],
        update_conflicts=True,
        unique_fields=["person", "desk"],
        update_fields=["query"],
    )


def answer_check(
    case: InformationRequest, *, by: Actor, check: str, answer: str, note: str
) -> TriageCheck:
    """Answer one of the checks; answering again replaces the answer, history keeps the old."""
    with act():
        pk = uuid5(case.id, f"check:{check}")
        row = TriageCheck.objects.filter(pk=pk).first()
        row = row or TriageCheck(id=pk, case=case, check_code=check)
        with TRIAGE_CHECK.making("answer", row, by=by, check=check, answer=answer):
            row.answer, row.note = answer, note
    return row


@idempotent
def answer_checks(
    case: InformationRequest,
    *,
    by: Actor,
    answers: Mapping[str, tuple[str, str]],
    expected_version: int | None = None,
) -> InformationRequest:
    """Answer several checks at once, each with answer and note; those that stay are left alone.

    What was answered before the request was returned does not stay: the same words answer anew.
    ``expected_version`` is what the page was filled in from (``workflow.versions``): a colleague's
    answers are replaced by somebody who has seen them, and by nobody else. Raises
    TransitionRefused otherwise.
    """
    InformationRequest.objects.select_for_update().get(pk=case.pk)
    rows = list(TriageCheck.objects.filter(case=case))
    made = checks_made(case)
    said = {row.check_code: (row.answer, row.note) for row in rows if row.check_code in made}
    new = {check: given for check, given in answers.items() if said.get(check) != given}
    if new and expected_version is not None and expected_version != version_of(rows):
        raise ChangedMeanwhile
    for check, (answer, note) in new.items():
        answer_check(case, by=by, check=check, answer=answer, note=note)
    return case


@idempotent
def accept_request(case: InformationRequest, *, by: Actor) -> InformationRequest:
    """Accept a request, once each check is answered with yes."""
    with REQUEST.making("accept", case, by=by):
        if checks_left(case):
            raise TransitionRefused(_("Answer every check with yes before you accept the request."))
    return case


@idempotent
def return_request(
    case: InformationRequest, *, by: Actor, idempotency_key: UUID, questions: Sequence[str]
) -> InformationRequest:
    """Send it back with questions; waiting for the requester does not count as late."""
    try:
        with act(apart=True):
            REQUEST.make("return", case, by=by)
    except AlreadyMade:
        open_ones = Clarification.objects.filter(case=case, status=Clarification.Status.ASKED)
        refuse_other_words(said=[row.question for row in open_ones], now=list(questions))
        raise
    for number, question in enumerate(questions):
        asked = Clarification(id=uuid5(idempotency_key, str(number)), case=case, question=question)
        CLARIFICATION.make("ask", asked, by=by)
    stop_the_clock(case, "ask_requester", PauseReason.REQUESTER, by=by)
    return case


@idempotent
def take_back_request(case: InformationRequest, *, by: Actor) -> InformationRequest:
    """Go on with a returned request without waiting for its requester any longer."""
    with REQUEST.making("take_back", case, by=by):
        case.due_at = due_by_now(case)
    let_the_clock_run(case, "requester_not_awaited", by=by)
    return case


@idempotent
def decline_request(case: InformationRequest, *, by: Actor, reason: str) -> InformationRequest:
    """Turn a request down, returned or not; the requester reads the reason."""
    REQUEST.make("decline", case, by=by, writes={"declined_reason": reason})
    let_the_clock_run(case, "requester_not_awaited", by=by)
    return case


@idempotent
def change_rating(
    case: InformationRequest,
    *,
    by: Actor,
    rating: str,
    reason: str,
    expected_version: int | None = None,
) -> InformationRequest:
    """Rate it otherwise, with a reason; the clock keeps its start (P-TIMELY)."""
    written = {"rating": rating, "rating_reason": reason}
    with REQUEST.making("rate", case, by=by, rating=rating):
        only_if_unchanged(
            case,
            expected_version=expected_version,
            now=version_but_for_owners(case),
            written=written,
        )
        case.rating, case.rating_reason = rating, reason
        case.due_at = due_by_now(case)
    for agency_check in AgencyCheck.objects.filter(case=case, status__in=AgencyCheck.OPEN):
        with AGENCY_CHECK.making("rate", agency_check, by=by, rating=rating):
            agency_check.rating = rating
            agency_check.due_at = deadline_of(agency_check.sent_at, rating)
    return case
