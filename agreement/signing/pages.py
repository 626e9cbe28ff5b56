"""What the pages on signing show, and the start page, for the person who opens one."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import Agency
from agreement.editions import selectors
from agreement.editions.pages import COLOURS, is_office, is_partner
from agreement.editions.text import pieces
from agreement.models import AgreementEdition
from agreement.signing import selectors as signatures
from agreement.signing.participation import missing_to_sign, whom_to_call, why_not
from agreement.transitions import PARTICIPATION
from workflow.transitions import TransitionRefused


def overview_for(actor: Actor) -> dict[str, Any]:
    """The start of the agreement's pages."""
    current = selectors.in_force()
    agency = Agency.objects.get(pk=actor.agency.pk)
    return {
        "current": current,
        "to_agree": selectors.to_agree(actor),
        "rows": [(row, COLOURS.get(row.status, "grey")) for row in selectors.published(actor)],
        "drafts": [
            (row, COLOURS.get(row.status, "grey")) for row in selectors.being_written(actor)
        ],
        "agency": agency,
        "standing": signatures.in_words(agency),
        "signature": selectors.signature_of(current, agency) if current else None,
        "stopped": why_not(agency),
        "suspension": signatures.suspension_shown_to(actor),
        "has_to_sign": selectors.has_to_sign(actor),
        "is_office": is_office(actor),
        "is_partner": is_partner(actor),
    }


def signing_for(actor: Actor) -> dict[str, Any]:
    """The edition to sign, and what is missing before it can be."""
    edition = selectors.in_force()
    agency = Agency.objects.get(pk=actor.agency.pk)
    signed = selectors.signature_of(edition, agency) if edition else None
    return {
        "edition": edition,
        "pieces": pieces(edition.text) if edition else [],
        "agency": agency,
        "signed": signed,
        "missing": [] if signed else missing_to_sign(agency),
        "call": whom_to_call(),
    }


def still_in_force(edition: AgreementEdition, read: UUID | None) -> AgreementEdition:
    """The edition that was read on the page, if it is still the one in force.

    Raises TransitionRefused: nobody signs a text that they have not had before them.
    """
    if read is not None and read != edition.pk:
        raise TransitionRefused(
            _("Another edition has come into force since you opened the page. Read it first.")
        )
    return edition


def agency_for(agency: Agency, actor: Actor) -> dict[str, Any]:
    """One agency, for the office."""
    return {
        "standing": signatures.standing_of(agency),
        "agency": agency,
        "signatures": signatures.signatures_of(agency),
        "suspensions": signatures.suspensions_of(agency),
        "can_suspend": PARTICIPATION.can("suspend", agency, by=actor),
        "can_lift": PARTICIPATION.can("lift", agency, by=actor),
    }
