"""A request at each stage of its way through the front door, and what is due with it there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from requests_app.agency_checks.withdrawing import withdraw_agency_check
from requests_app.choices import Check, CheckAnswer
from requests_app.items.actions import accept_item
from requests_app.models import InformationRequest, Item
from requests_app.release import actions as releasing
from requests_app.triage import actions as triage
from requests_app.triage import owning
from tests import walks
from tests.cast import Cast


@dataclass(frozen=True)
class Stage:
    """How a request comes there; the one green button, "" for none; and what is waited for."""

    made: Callable[[Cast], InformationRequest]
    due: str = ""
    waits: str = ""


def _again(case: Any) -> InformationRequest:
    return InformationRequest.objects.get(pk=case.pk)


def _answers(answer: str) -> dict[str, tuple[str, str]]:
    return {check.value: (answer, "Looked at") for check in Check}


def _checked(cast: Cast, answer: str) -> InformationRequest:
    return _again(triage.answer_checks(walks.sent(cast), by=cast.officer, answers=_answers(answer)))


def _returned(cast: Cast) -> InformationRequest:
    asked = {"idempotency_key": uuid4(), "questions": ["Which day?", "Which arm?"]}
    return _again(triage.return_request(walks.sent(cast), by=cast.officer, **asked))


def _declined(cast: Cast) -> InformationRequest:
    return _again(triage.decline_request(walks.sent(cast), by=cast.officer, reason="No purpose"))


def _asked(cast: Cast, *holders: str) -> InformationRequest:
    case = walks.accepted(cast)
    owning.claim_request(case, by=cast.officer)
    for holder in holders:
        walks.an_agency_check(cast, holder, _again(case))
    return _again(case)


def _withdrawn(cast: Cast) -> InformationRequest:
    case = _asked(cast, "trust")
    withdraw_agency_check(case.agency_checks.get(), by=cast.officer, because="mistake")
    return _again(case)


def _answered(cast: Cast) -> InformationRequest:
    case = walks.accepted(cast)
    walks.an_agency_check(cast, "police", _again(case))
    walks.shared(cast, "trust", case=_again(case))
    return _again(case)


def _reviewed(cast: Cast) -> InformationRequest:
    case = _answered(cast)
    for item in Item.objects.filter(case=case, status=Item.Status.OFFERED):
        accept_item(item, by=cast.officer)
    return _again(case)


def _confirmed(cast: Cast) -> InformationRequest:
    case = walks.released(cast)
    for recipient in case.releases.get().recipients.all():
        releasing.acknowledge(recipient, by=cast.requester)
    return _again(case)


STAGES = {
    "sent": Stage(walks.sent, "Answer the checks"),
    "passed": Stage(lambda cast: _checked(cast, CheckAnswer.YES), "Accept the request"),
    "failed": Stage(lambda cast: _checked(cast, CheckAnswer.NO), "Return with questions"),
    "returned": Stage(_returned, waits="Waiting for Anytown Oak School since"),
    "declined": Stage(_declined, waits="Nothing is due."),
    "accepted": Stage(walks.accepted, "Ask agencies"),
    "asked": Stage(
        lambda cast: _asked(cast, "trust"), waits="Waiting for Anytown Health Trust since"
    ),
    "asked-two": Stage(
        lambda cast: _asked(cast, "trust", "police"),
        waits="Waiting for 2 answers or confirmations, the longest for",
    ),
    "withdrawn": Stage(_withdrawn, "Ask agencies"),
    "answered": Stage(_answered, "Review 1 answer"),
    "reviewed": Stage(_reviewed, "Release information"),
    "released": Stage(walks.released, waits="Waiting for Anytown Oak School since"),
    "confirmed": Stage(_confirmed, waits="Nothing is due."),
}
