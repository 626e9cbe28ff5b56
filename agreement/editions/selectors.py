"""Editions as pages find them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from agencies.acting import Actor
from agencies.grants import people_who
from agencies.models import Agency
from agencies.permissions import Permission
from agreement.bootstrap import first_edition
from agreement.choices import Purpose
from agreement.flows import flows
from agreement.models import AgreementEdition, PartnerAgreement, Signature, YearlyReview
from agreement.policies import EDITIONS, PUBLISHED
from workflow.acting import IN_OWN_NAME
from workflow.compiled import Compiled

Status = AgreementEdition.Status
THREE = 3
_IN_FORCE = Compiled(lambda: AgreementEdition.objects.filter(status=Status.IN_FORCE))


def in_force() -> AgreementEdition | None:
    """The edition in force; None before there is one."""
    return next(iter(_IN_FORCE()), None)


def purposes_offered() -> list[tuple[str, Any]]:
    """The purposes of the edition in force, in words; all of them before there is one."""
    edition = in_force()
    return [
        (purpose.value, purpose.label)
        for purpose in Purpose
        if edition is None or purpose in edition.purposes
    ]


def proposed() -> AgreementEdition | None:
    """The edition that the partners have before them."""
    return AgreementEdition.objects.filter(status=Status.PROPOSED).first()


def published(actor: Actor) -> QuerySet[AgreementEdition]:
    """What everybody may read, the newest first."""
    return PUBLISHED.scope(actor, IN_OWN_NAME).order_by("-number")


def being_written(actor: Actor) -> QuerySet[AgreementEdition]:
    """Drafts, and what was withdrawn, for the office and the partners."""
    rows = EDITIONS.scope(actor, Permission.ADMINISTER, Permission.AGREE)
    return rows.filter(status__in=[Status.DRAFT, Status.WITHDRAWN]).order_by("-number")


def the_partners() -> list[Agency]:
    """The statutory safeguarding partners on the register."""
    gone = (Agency.Status.LEFT, Agency.Status.MERGED)
    return list(Agency.objects.filter(is_statutory_partner=True).exclude(status__in=gone))


@dataclass(frozen=True)
class Voice:
    """A statutory partner, what it says to an edition, and whether somebody there can."""

    agency: Agency
    said: PartnerAgreement | None
    somebody: bool


def voices(edition: AgreementEdition) -> list[Voice]:
    """Each partner of now, and each that spoke then, by name."""
    said = {each.agency_id: each for each in edition.said.select_related("agency", "said_by")}
    partners = {each.pk: each for each in the_partners()} if edition.status == "proposed" else {}
    partners |= {each.agency_id: each.agency for each in said.values()}
    return [
        Voice(agency, said.get(agency.pk), people_who(Permission.AGREE, agency).exists())
        for agency in sorted(partners.values(), key=lambda each: each.name)
    ]


def all_agree(edition: AgreementEdition) -> bool:
    """Whether each of the statutory partners, three at the least, agrees (ISA-5.3)."""
    partners = {each.pk for each in the_partners()}
    agreed = edition.said.filter(status=PartnerAgreement.Status.AGREED)
    return len(partners) >= THREE and partners <= set(agreed.values_list("agency", flat=True))


def spoken_elsewhere(edition: AgreementEdition, actor: Actor) -> bool:
    """Whether this very person spoke to it for another partner: three agree, not one for three."""
    said = edition.said.filter(said_by=actor.user).exclude(agency=actor.agency)
    return said.exclude(status=PartnerAgreement.Status.VOID).exists()


def voices_to_be() -> list[Voice]:
    """The partners that would be asked now."""
    return [
        Voice(agency, None, people_who(Permission.AGREE, agency).exists())
        for agency in the_partners()
    ]


def before(edition: AgreementEdition) -> AgreementEdition | None:
    """The edition that this one replaced."""
    earlier = AgreementEdition.objects.filter(status=Status.SUPERSEDED, number__lt=edition.number)
    return earlier.order_by("-number").first()


def flow_title(edition: AgreementEdition) -> str:
    """The decision flow that it brings, in words."""
    known = flows().get(edition.flow)
    return known.title if known else edition.flow


def to_agree(actor: Actor) -> AgreementEdition | None:
    """The proposed edition to which this partner has not spoken yet."""
    if Permission.AGREE not in actor.permissions or not actor.agency.is_statutory_partner:
        return None
    edition = proposed()
    if edition is None or edition.said.filter(agency=actor.agency).exists():
        return None
    return edition


def signature_of(edition: AgreementEdition, agency: Agency) -> Signature | None:
    """How and when an agency signed an edition."""
    rows = Signature.objects.filter(edition=edition, agency=agency)
    return rows.select_related("signed_by").first()


def reviews() -> QuerySet[YearlyReview]:
    """Every review there was, the latest first."""
    rows = YearlyReview.objects.select_related("edition", "recorded_by", "leads_to")
    return rows.order_by("-held_on", "-due_on")


def days_to_review(edition: AgreementEdition | None) -> int | None:
    """How many days are left until the review is due; below zero it is late."""
    if edition is None or edition.review_on is None:
        return None
    return (edition.review_on - timezone.localdate()).days


def starting_point() -> dict[str, Any]:
    """What the form of a new edition begins with: the edition in force, or the first of all."""
    current = in_force()
    if current is None:
        return first_edition()
    names = ("title", "text", "purposes", "conditions", "flow", "sign_by_days")
    return {name: getattr(current, name) for name in names}


def has_to_sign(actor: Actor) -> bool:
    """Whether an edition in force waits for this person's signature."""
    current = in_force()
    if Permission.SIGN not in actor.permissions or current is None:
        return False
    return not Signature.objects.filter(edition=current, agency=actor.agency).exists()
