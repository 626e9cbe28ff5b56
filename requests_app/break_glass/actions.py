"""Opening a case without a part in it, ending that, and looking at those who did (ISA-7.2)."""

from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agreement.signing.participation import only_if_it_takes_part
from requests_app.break_glass.models import LASTS
from requests_app.break_glass.patterns import flags_of
from requests_app.models import InformationRequest, Opening, OpeningNote
from requests_app.transitions import OPENING, OPENING_NOTE
from workflow.locking import one_at_a_time
from workflow.rls_session import of_what_is_being_opened
from workflow.transitions import idempotent


@idempotent
def open_otherwise(
    case: InformationRequest, *, by: Actor, idempotency_key: UUID, reason: str, in_words: str
) -> Opening:
    """Open a case for the one who does it, as the agency acted for, for an hour.

    The front door and whoever asked are told in the same transaction. Raises TransitionRefused
    while the agency takes no part: nothing new goes to it, by this way neither (ISA-2.1).
    """
    now = timezone.now()
    opening = Opening(
        id=idempotency_key,
        case=case,
        person=by.user,
        agency=by.agency,
        reason=reason,
        in_words=in_words,
        opened_at=now,
        until=now + LASTS,
    )
    with OPENING.making("open", opening, by=by, reason=reason), of_what_is_being_opened(case.pk):
        # So that of many openings at once each sees those before it.
        one_at_a_time(f"requests_app.open:{by.agency.pk}")
        only_if_it_takes_part(by.agency.pk, _("Nothing was opened."))
        opening.flags = flags_of(opening)
    return opening


@idempotent
def close_opening(opening: Opening, *, by: Actor) -> Opening:
    """End it before its time, or say of one whose time is over that it is."""
    with OPENING.making("close", opening, by=by):
        opening.closed_at = min(timezone.now(), opening.until)
    return opening


@idempotent
def review_opening(opening: Opening, *, by: Actor, note: str) -> OpeningNote:
    """Note what was found on reviewing an opening; each agency that reviews it has one note."""
    pk = uuid5(opening.pk, str(by.agency.pk))
    row = OpeningNote(id=pk, case=opening.case, opening=opening, agency=by.agency, note=note)
    OPENING_NOTE.make("look_at", row, by=by)
    return row
