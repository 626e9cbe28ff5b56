"""How an agency begins to take part, and how the office stops it and lets it in again."""

from datetime import date
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import Agency
from agreement.models import AgreementEdition, Signature, Suspension
from agreement.signing.participation import missing_to_sign
from agreement.transitions import PARTICIPATION, SIGNATURE, SUSPENSION
from workflow.dates import later
from workflow.locking import hold
from workflow.transitions import TransitionRefused, idempotent

# An assessment that is older than this says little about how an agency works today.
ASSESSED_WITHIN_YEARS = 3


def oldest_assessment(today: date) -> date:
    """The earliest day of an assessment that still counts."""
    return later(today, years=-ASSESSED_WITHIN_YEARS)


@idempotent
def sign_agreement(
    edition: AgreementEdition, *, by: Actor, assessed_on: date, assessed_by: str, controls: str
) -> Signature:
    """Sign for an agency, which takes part from today (ISA-2.1, ISA-7.4, ISA-4.3-PRIVACY).

    Raises TransitionRefused if the edition was replaced meanwhile, the register lacks something, or
    the agency was suspended.
    """
    today = timezone.localdate()
    # The edition first, then the agency: in the order in which a new edition takes them.
    hold(edition)
    signature = Signature(
        id=uuid5(edition.pk, str(by.agency.pk)),
        edition=edition,
        agency=by.agency,
        signed_by=by.user,
        signed_on=today,
        assessed_on=assessed_on,
        assessed_by=assessed_by,
        controls=controls,
    )
    with SIGNATURE.making("sign", signature, by=by, edition=edition.number):
        if missing := missing_to_sign(by.agency):
            raise TransitionRefused(" ".join(missing))
        if not oldest_assessment(today) <= assessed_on <= today:
            raise TransitionRefused(_("The assessment is too old, or dated in the future."))
        signature.privacy_notice = Agency.objects.get(pk=by.agency.pk).privacy_notice
    agency = Agency.objects.get(pk=by.agency.pk)
    with PARTICIPATION.making("sign", agency, by=by, edition=edition.number):
        agency.lapses_on = None
    return signature


@idempotent
def suspend_agency(agency: Agency, *, by: Actor, idempotency_key: UUID, reason: str) -> Agency:
    """Let an agency take no part for a time: nothing new goes to it, what it owes it can answer."""
    PARTICIPATION.make("suspend", agency, by=by)
    suspension = Suspension(
        id=idempotency_key, agency=agency, reason=reason, begun_by=by.user, begun_at=timezone.now()
    )
    SUSPENSION.make("begin", suspension, by=by)
    return agency


@idempotent
def lift_suspension(agency: Agency, *, by: Actor, reason: str) -> Agency:
    """Let it take part again, unless it has lapsed in the meantime."""
    PARTICIPATION.make("lift", agency, by=by)
    for suspension in Suspension.objects.filter(agency=agency, status=Suspension.Status.RUNNING):
        with SUSPENSION.making("end", suspension, by=by):
            suspension.lifted_because, suspension.lifted_by = reason, by.user
            suspension.lifted_at = timezone.now()
    return agency
