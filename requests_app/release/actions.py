"""What goes out to the requester: packages for named people (P-RELEVANT, ISA-6.1)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import User
from agreement.signing.participation import only_if_it_takes_part
from requests_app.agency_people import people_to_name
from requests_app.models import (
    AgencyCheck,
    InformationRequest,
    Item,
    Need,
    Receipt,
    Recipient,
    Release,
    ReleasedAnswer,
    ReleasedItem,
)
from requests_app.readiness import can_be_released
from requests_app.transitions import (
    AGENCY_CHECK,
    RECIPIENT,
    RELEASE,
    RELEASED_ANSWER,
    RELEASED_ITEM,
    REQUEST,
)
from workflow.compiled import Compiled
from workflow.transitions import TransitionRefused, idempotent


@idempotent
def release_information(
    case: InformationRequest,
    *,
    by: Actor,
    idempotency_key: UUID,
    agency_checks: Sequence[AgencyCheck],
    recipients: Sequence[User],
    note: str = "",
) -> Release:
    """Release the answers of some agencies to named people of the requesting agency.

    What was accepted goes with its originator and date; what was not shared goes with its
    reasons. Raises TransitionRefused while an item of theirs is neither accepted nor refused, and
    while the requesting agency takes no part (ISA-2.1).
    """
    # A page that comes back with other answers or people in it is another package.
    chosen = sorted(str(row.pk) for row in (*agency_checks, *recipients))
    release = Release(id=uuid5(idempotency_key, ",".join(chosen)), case=case, note=note)
    RELEASE.make("make", release, by=by)
    REQUEST.make("release", case, by=by)
    only_if_it_takes_part(case.agency_id, _("Nothing was released."))
    if not recipients or not agency_checks:
        raise TransitionRefused(_("Choose at least one answer and one person to release it to."))
    for agency_check in agency_checks:
        _put_in(release, agency_check, by=by)
    theirs = {person.pk for person in people_to_name(case.agency_id)}
    for person in recipients:
        if person.pk not in theirs:
            raise PermissionDenied("not a person of the requesting agency")
        named = Recipient(
            id=uuid5(idempotency_key, str(person.pk)), case=case, release=release, person=person
        )
        RECIPIENT.make("name", named, by=by)
    return release


def _put_in(release: Release, agency_check: AgencyCheck, *, by: Actor) -> None:
    if agency_check.case_id != release.case_id:
        raise PermissionDenied("an answer of another case")
    if not can_be_released(agency_check):
        raise TransitionRefused(_("Accept or refuse each piece of information before you release."))
    answer = ReleasedAnswer(case=release.case, release=release, agency_check=agency_check)
    RELEASED_ANSWER.make("put_in", answer, by=by)
    with AGENCY_CHECK.making("release", agency_check, by=by):
        agency_check.released_at = release.released_at
    needs = _NEEDS(case=release.case_id)
    for item in _ACCEPTED(agency_check=agency_check.pk):
        inside = ReleasedItem(case=release.case, release=release, item=item)
        inside.originator_id, inside.received_by_id = agency_check.holder_id, release.case.agency_id
        inside.needs_answered = _answered(needs, item)
        RELEASED_ITEM.make("put_in", inside, by=by)


_NEEDS = Compiled(lambda case: Need.objects.filter(case=case, status=Need.Status.CURRENT))


def _accepted(agency_check: UUID) -> Any:
    items = Item.objects.filter(agency_check=agency_check, receipt__status=Receipt.Status.ACCEPTED)
    return items.select_related("question")


_ACCEPTED = Compiled(_accepted)


def _answered(needs: Sequence[Need], item: Item) -> list[str]:
    """The needs that an item answers, by id.

    A check that carries a need asks it word for word. What the front door asks in other words is
    its own question, which the requester never reads.
    """
    question = item.question
    return [str(need.pk) for need in needs if question and need.fact == question.fact]


@idempotent
def acknowledge(recipient: Recipient, *, by: Actor) -> Recipient:
    """The recipient says that they have read it."""
    with RECIPIENT.making("acknowledge", recipient, by=by):
        recipient.acknowledged_at = timezone.now()
    return recipient
