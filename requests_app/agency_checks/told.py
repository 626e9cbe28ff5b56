"""What an agency is told beside its questions: the concern, consent, and whether parents know.

The front door chooses it check by check and reads it first, word for word; the agency reads what
the check holds and never the request (docs/adr/0086).
"""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from requests_app.choices import ParentsTold
from requests_app.models import AgencyCheck, Consent, InformationRequest


@dataclass(frozen=True)
class Offered:
    """What of a request the front door may pass on with a check, as the agency would read it."""

    concern: str
    consent_position: str
    parents_position: str


def offered_of(case: InformationRequest) -> Offered:
    """The words that a check begins with."""
    consent = Consent.objects.filter(case=case).first()
    return Offered(
        concern=case.purpose_reason,
        consent_position=_consent(consent) if consent else "",
        parents_position=_parents(case),
    )


def told_of(agency_check: AgencyCheck) -> list[dict[str, Any]]:
    """What a check tells its agency, as questions and answers; what it does not is left out."""
    lines = [
        (_("Why it is asked"), agency_check.concern),
        (_("Position on consent"), agency_check.consent_position),
        (_("Parents or carers told"), agency_check.parents_position),
    ]
    return [{"key": key, "value": value} for key, value in lines if value]


def _consent(consent: Consent) -> str:
    """The answer with its reason, how and when, and what it covers.

    Not who was asked, nor the requester's explanation: both are about people whom the agency may
    not have been asked about.
    """
    said = str(consent.get_answer_display())
    if consent.why_not:
        said = f"{said}: {consent.get_why_not_display()}"
    on = date_format(consent.on, "j F Y") if consent.on else ""
    how = str(consent.get_how_display()) if consent.how else ""
    if how_and_when := ", ".join(filter(None, (how, on))):
        said = f"{said} ({how_and_when})"
    covers = _("It covers: %s") % consent.covers if consent.covers else ""
    return "\n".join(filter(None, (said, covers)))


def _parents(case: InformationRequest) -> str:
    if not case.parents_told:
        return ""
    said = str(case.get_parents_told_display())
    is_no = case.parents_told == ParentsTold.NO
    return f"{said}: {case.parents_reason}" if is_no and case.parents_reason else said
