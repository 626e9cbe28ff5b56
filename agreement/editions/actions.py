"""What the office does with an edition, and what a partner says to it (ISA-5.3, ISA-9.2)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import Agency, Partnership
from agreement.editions.selectors import THREE, all_agree, proposed, spoken_elsewhere, the_partners
from agreement.flows import flows
from agreement.models import AgreementEdition, PartnerAgreement
from agreement.transitions import EDITION, PARTICIPATION, PARTNER_AGREEMENT
from workflow.act import act
from workflow.dates import later
from workflow.locking import hold
from workflow.transitions import TransitionRefused, idempotent
from workflow.versions import only_if_unchanged

Status = AgreementEdition.Status


@idempotent
def agree(edition: AgreementEdition, *, by: Actor, reasons: str = "") -> PartnerAgreement:
    """Agree for a partner. The agreement that completes them brings the edition into force."""
    said = _say("agree", edition, by, reasons)
    if all_agree(edition):
        _bring_into_force(edition, by=by)
    return said


@idempotent
def disagree(edition: AgreementEdition, *, by: Actor, reasons: str) -> PartnerAgreement:
    """Say no for a partner, with reasons; it can still agree while the edition is proposed."""
    return _say("disagree", edition, by, reasons)


def _say(name: str, edition: AgreementEdition, by: Actor, reasons: str) -> PartnerAgreement:
    # The edition is held first: of three partners at once the last one completes it.
    hold(edition)
    said = PartnerAgreement.objects.filter(edition=edition, agency=by.agency).first()
    said = said or PartnerAgreement(
        id=uuid5(edition.pk, str(by.agency.pk)),
        edition=edition,
        agency=by.agency,
        said_at=timezone.now(),
    )
    written = {"reasons": reasons}
    with PARTNER_AGREEMENT.making(name, said, by=by, writes=written, edition=edition.number):
        if spoken_elsewhere(edition, by):
            raise TransitionRefused(
                _("You have spoken for another partner. Somebody else has to speak for this one.")
            )
        said.said_by, said.said_at = by.user, timezone.now()
    return said


def _bring_into_force(edition: AgreementEdition, *, by: Actor) -> None:
    """In force at once: the earlier edition is replaced, and who signed it has to sign anew."""
    today = timezone.localdate()
    if earlier := AgreementEdition.objects.filter(status=Status.IN_FORCE).first():
        EDITION.make("supersede", earlier, by=by)
    with EDITION.making("come_into_force", edition, by=by):
        if not all_agree(edition):
            raise PermissionDenied("not all partners agree")
        edition.in_force_on, edition.review_on = today, later(today, years=1)
    _ask_to_sign_anew(edition, today + timedelta(days=edition.sign_by_days), by=by)


def _ask_to_sign_anew(edition: AgreementEdition, lapses_on: date, *, by: Actor) -> None:
    """Each agency that takes part has until then; one that is late already gets no more time."""
    bound = Q(status=Agency.Status.TAKING_PART) | Q(status=Agency.Status.SUSPENDED)
    for agency in Agency.objects.filter(bound).order_by("pk"):
        try:
            with (
                act(apart=True),
                PARTICIPATION.making("must_sign_anew", agency, by=by, edition=edition.number),
            ):
                agency.lapses_on = min(agency.lapses_on or lapses_on, lapses_on)
        except TransitionRefused:
            continue  # it has left or been merged in this very moment


@idempotent
def draft_edition(*, by: Actor, idempotency_key: UUID, **said: Any) -> AgreementEdition:
    """Begin a draft under the next number."""
    return _drafted("draft", by, idempotency_key, said)


def draft_after_review(*, by: Actor, idempotency_key: UUID, **said: Any) -> AgreementEdition:
    """A draft that a partner asks for, because a review found that something has to change."""
    return _drafted("draft_after_review", by, idempotency_key, said)


def _drafted(name: str, by: Actor, idempotency_key: UUID, said: dict[str, Any]) -> AgreementEdition:
    # One at a time, so that no two drafts take the same number.
    Partnership.objects.select_for_update().filter(pk=Partnership.ONLY).first()
    last = AgreementEdition.objects.aggregate(last=Max("number"))["last"]
    edition = AgreementEdition(id=idempotency_key, number=(last or 0) + 1, **said)
    EDITION.make(name, edition, by=by)
    return edition


@idempotent
def change_draft(
    edition: AgreementEdition, *, by: Actor, expected_version: int | None, **said: Any
) -> AgreementEdition:
    """Change a draft, unless somebody else has since the page was opened."""
    with EDITION.making("change", edition, by=by):
        only_if_unchanged(
            edition, expected_version=expected_version, now=edition.version, written=said
        )
        for name, value in said.items():
            setattr(edition, name, value)
    return edition


@idempotent
def propose_edition(edition: AgreementEdition, *, by: Actor) -> AgreementEdition:
    """Put it before the three partners; from now on nobody can change it."""
    with EDITION.making("propose", edition, by=by):
        if problem := why_not_proposed(edition):
            raise TransitionRefused(problem)
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


@idempotent
def discard_draft(edition: AgreementEdition, *, by: Actor, reason: str) -> AgreementEdition:
    """Give up a draft; its number is not used again."""
    EDITION.make("discard", edition, by=by, writes={"withdrawn_because": reason})
    return edition


@idempotent
def withdraw_edition(edition: AgreementEdition, *, by: Actor, reason: str) -> AgreementEdition:
    """Take a proposed edition back; what partners said to it is void (ISA-5.3)."""
    EDITION.make("withdraw", edition, by=by, writes={"withdrawn_because": reason})
    for said in edition.said.exclude(status=PartnerAgreement.Status.VOID):
        PARTNER_AGREEMENT.make("void", said, by=by)
    return edition
