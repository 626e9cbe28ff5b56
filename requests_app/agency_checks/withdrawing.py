"""The front door asks an agency no longer: a check withdrawn before it is answered (ADR 131)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from requests_app.clocks.actions import let_the_clock_run
from requests_app.models import AgencyCheck, Item
from requests_app.transitions import AGENCY_CHECK
from workflow.transitions import TransitionRefused, idempotent

SETTLED = (Item.Status.OFFERED, Item.Status.WITHHELD)


@idempotent
def withdraw_agency_check(
    agency_check: AgencyCheck, *, by: Actor, because: str, note: str = ""
) -> AgencyCheck:
    """Ask it no longer, for a reason of ``WithdrawnBecause``; ``note`` is for our own record.

    The agency is told of the reason and no words. Raises TransitionRefused once it is answered,
    or where a part of its answer is recorded that nobody asked it to reconsider.
    """
    writes = {"withdrawn_because": because, "withdrawn_note": note}
    with AGENCY_CHECK.making("withdraw", agency_check, by=by, writes=writes, because=because):
        if has_part_of_an_answer(agency_check):
            raise TransitionRefused(
                _(
                    "The agency has recorded a part of its answer, which cannot be withdrawn. "
                    "Wait for the rest, or call the agency."
                )
            )
        agency_check.withdrawn_at, agency_check.withdrawn_by = timezone.now(), by.user
    let_the_clock_run(agency_check.case, "advice_not_needed", by=by, agency_check=agency_check)
    return agency_check


def has_part_of_an_answer(agency_check: AgencyCheck) -> bool:
    """Whether something stands recorded under a check that is not answered yet.

    What was not shared counts until the partners have sent the check back.
    """
    settled = Item.objects.filter(agency_check=agency_check, decided_anew=None)
    states = set(settled.filter(status__in=SETTLED).values_list("status", flat=True))
    was_sent_back = bool(agency_check.reconsider_reason)
    return Item.Status.OFFERED in states or (bool(states) and not was_sent_back)
