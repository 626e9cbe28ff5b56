"""The yearly review: what came of it, and when the next one is due (ISA-5.2)."""

from datetime import date
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.permissions import Permission
from agreement.editions.actions import draft_after_review, draft_edition
from agreement.editions.selectors import starting_point
from agreement.models import AgreementEdition, YearlyReview
from agreement.transitions import EDITION, REVIEW
from workflow.dates import later
from workflow.locking import hold
from workflow.transitions import TransitionRefused, idempotent


@idempotent
def record_review(
    edition: AgreementEdition,
    *,
    by: Actor,
    idempotency_key: UUID,
    due_on: date,
    held_on: date,
    outcome: str,
    notes: str,
) -> YearlyReview:
    """Record a review; one that calls for a change leaves a draft to work on.

    ``due_on`` is the date for which the page was opened: who comes second is told.
    """
    office = Permission.ADMINISTER in by.permissions and by.agency.keeps_register
    hold(edition)
    review = YearlyReview(
        id=idempotency_key,
        edition=edition,
        due_on=due_on,
        held_on=held_on,
        outcome=outcome,
        notes=notes,
        recorded_by=by.user,
    )
    with REVIEW.making("note" if office else "record", review, by=by, outcome=outcome):
        if edition.review_on != due_on:
            raise TransitionRefused(_("Somebody else has recorded this review since."))
        if outcome == YearlyReview.Outcome.CHANGE:
            begin = draft_edition if office else draft_after_review
            said = starting_point() | {"changes": notes}
            review.leads_to = begin(by=by, idempotency_key=uuid5(idempotency_key, "draft"), **said)
    with EDITION.making("be_reviewed", edition, by=by):
        edition.review_on = later(max(held_on, due_on), years=1)
    return review
