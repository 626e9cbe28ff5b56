"""What each page of the agreement shows, for the person who opens it."""

from typing import Any

from agencies.acting import Actor
from agencies.permissions import Permission
from agreement.editions import selectors
from agreement.editions.text import pieces
from agreement.models import AgreementEdition
from agreement.transitions import EDITION

COLOURS = {"draft": "blue", "proposed": "yellow", "in_force": "green", "withdrawn": "grey"}


def is_office(actor: Actor) -> bool:
    """Whether the person keeps the document."""
    return Permission.ADMINISTER in actor.permissions and actor.agency.keeps_register


def is_partner(actor: Actor) -> bool:
    """Whether the person speaks for a statutory partner."""
    return Permission.AGREE in actor.permissions and actor.agency.is_statutory_partner


def edition_for(edition: AgreementEdition, actor: Actor) -> dict[str, Any]:
    """One edition."""
    current = selectors.in_force()
    other = current if current and current.pk != edition.pk else None
    return {
        "edition": edition,
        "colour": COLOURS.get(edition.status, "grey"),
        "pieces": pieces(edition.text),
        "voices": selectors.voices(edition),
        "other": other or selectors.before(edition),
        "signature": selectors.signature_of(edition, actor.agency),
        "agency": actor.agency,
        "can": {name: EDITION.can(name, edition, by=actor) for name in EDITION.table},
        "can_agree": is_partner(actor) and edition.status == edition.Status.PROPOSED,
        "has_to_sign": edition == current and selectors.has_to_sign(actor),
        "flow": selectors.flow_title(edition),
    }


def written_in(edition: AgreementEdition) -> dict[str, Any]:
    """What the form of a draft is filled in from."""
    names = ("title", "changes", "text", "purposes", "conditions", "flow", "sign_by_days")
    return {name: getattr(edition, name) for name in names} | {"expected_version": edition.version}
