"""The requester's word that the purpose of a request is served (ISA-8.1)."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from requests_app.models import InformationRequest
from retention.disposal.reckoning import is_gone
from retention.models import PurposeServed
from retention.transitions import PURPOSE
from workflow.transitions import TransitionRefused, idempotent


@idempotent
def say_purpose_served(
    case: InformationRequest, *, by: Actor, idempotency_key: UUID
) -> PurposeServed:
    """Say that what was asked for has been used; the time until disposal begins.

    Raises TransitionRefused where it was said before, while the request is not closed, and once it
    is disposed of.
    """
    row = PurposeServed(id=idempotency_key, case=case, said_at=timezone.now())
    with PURPOSE.making("say", row, by=by):
        _only_while_it_is_there(case)
        # The case is held by now, so of two who say it at once the second sees the first.
        if PurposeServed.objects.filter(case=case, status=PurposeServed.Status.SAID).exists():
            raise TransitionRefused(_("Your agency has said already that its purpose is served."))
    return row


@idempotent
def take_purpose_back(said: PurposeServed, *, by: Actor) -> PurposeServed:
    """Say that the purpose is not served yet; where that was what counted, no disposal goes on.

    Raises TransitionRefused once the record is disposed of.
    """
    with PURPOSE.making("take_back", said, by=by):
        _only_while_it_is_there(said.case)
    return said


def _only_while_it_is_there(case: InformationRequest) -> None:
    if is_gone(case):
        raise TransitionRefused(_("This record has been disposed of."))
