"""What the office does with an edition: draft it, change it, propose it, withdraw it (ISA-9.2)."""

from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import Partnership
from agreement.flows import flows
from agreement.lists.editions import THREE, proposed, the_partners
from agreement.models import AgreementEdition, PartnerAgreement
from agreement.moves import EDITION, PARTNER_AGREEMENT
from workflow.moves import MoveRefused, doubled_is_done
from workflow.seen import only_if_unchanged


@doubled_is_done
def draft_edition(*, by: Actor, once: UUID, **said: Any) -> AgreementEdition:
    """Begin a draft under the next number."""
    return _drafted("draft", by, once, said)


def draft_after_review(*, by: Actor, once: UUID, **said: Any) -> AgreementEdition:
    """A draft that a partner asks for, because a review found that something has to change."""
    return _drafted("draft_after_review", by, once, said)


def _drafted(move: str, by: Actor, once: UUID, said: dict[str, Any]) -> AgreementEdition:
    # One at a time, so that no two drafts take the same number.
    Partnership.objects.select_for_update().filter(pk=Partnership.ONLY).first()
    last = AgreementEdition.objects.aggregate(last=Max("number"))["last"]
    edition = AgreementEdition(id=once, number=(last or 0) + 1, **said)
    EDITION.make(move, edition, by=by)
    return edition


@doubled_is_done
def change_draft(
    edition: AgreementEdition, *, by: Actor, seen: int | None, **said: Any
) -> AgreementEdition:
    """Change a draft, unless somebody else has since the page was opened."""
    with EDITION.making("change", edition, by=by):
        only_if_unchanged(edition, seen=seen, now=edition.version, written=said)
        for name, value in said.items():
            setattr(edition, name, value)
    return edition


@doubled_is_done
def propose_edition(edition: AgreementEdition, *, by: Actor) -> AgreementEdition:
    """Put it before the three partners; from now on nobody can change it."""
    with EDITION.making("propose", edition, by=by):
        if problem := why_not_proposed(edition):
            raise MoveRefused(problem)
        edition.flow_digest = flows()[edition.flow].digest
    return edition


def why_not_proposed(edition: AgreementEdition) -> str:
    """What stands in the way of proposing it; "" if nothing does."""
    partners = the_partners()
    if len(partners) < THREE:
        names = ", ".join(partner.name for partner in partners) or _("none")
        return _(
            "All three statutory partners have to agree an edition, and the register has fewer: "
            "%(names)s. Add the missing ones to the register first."
        ) % {"names": names}
    other = proposed()
    if other is not None and other.pk != edition.pk:
        return _("The partners have %s before them. Withdraw it first.") % other
    if edition.flow not in flows():
        return _("The decision flow that this edition brings is not known. Choose another.")
    return ""


@doubled_is_done
def discard_draft(edition: AgreementEdition, *, by: Actor, reason: str) -> AgreementEdition:
    """Give up a draft; its number is not used again."""
    EDITION.make("discard", edition, by=by, writes={"withdrawn_because": reason})
    return edition


@doubled_is_done
def withdraw_edition(edition: AgreementEdition, *, by: Actor, reason: str) -> AgreementEdition:
    """Take a proposed edition back; what partners said to it is void (ISA-5.3)."""
    EDITION.make("withdraw", edition, by=by, writes={"withdrawn_because": reason})
    for said in edition.said.exclude(status=PartnerAgreement.Status.VOID):
        PARTNER_AGREEMENT.make("void", said, by=by)
    return edition
