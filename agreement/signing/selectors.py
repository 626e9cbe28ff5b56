"""Who has signed which edition, for the office that keeps the register."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import Agency
from agencies.permissions import Permission
from agreement.editions.selectors import in_force
from agreement.models import Signature, Suspension
from agreement.policies import TAKING_PART

Status = Agency.Status
GONE = (Status.LEFT, Status.MERGED)


@dataclass(frozen=True)
class Standing:
    """One agency: how it stands to the agreement, and when it signed which edition."""

    agency: Agency
    words: str
    colour: str
    latest: Signature | None
    signed_current: bool


def standings(actor: Actor) -> list[Standing]:
    """Every agency that is there, by name."""
    current = in_force()
    signed = Signature.objects.select_related("edition").order_by("-edition__number")
    agencies = TAKING_PART.scope(actor, Permission.ADMINISTER).exclude(status__in=GONE)
    rows = agencies.prefetch_related(Prefetch("signatures", signed)).order_by("name")
    return [_standing(agency, current) for agency in rows]


def standing_of(agency: Agency) -> Standing:
    """The same for one agency."""
    return _standing(agency, in_force())


def _standing(agency: Agency, current: Any) -> Standing:
    latest = max(agency.signatures.all(), key=lambda each: each.edition.number, default=None)
    words, colour = in_words(agency)
    is_current = latest is not None and current is not None and latest.edition_id == current.pk
    return Standing(agency, words, colour, latest, is_current)


def in_words(agency: Agency) -> tuple[str, str]:
    """How it stands, in words and a colour that only helps."""
    if agency.status == Status.TAKING_PART and agency.has_lapsed:
        return _("Lapsed: has not signed again"), "red"
    if agency.status == Status.TAKING_PART and agency.lapses_on:
        return _("Takes part, has to sign again"), "yellow"
    colours = {Status.TAKING_PART: "green", Status.LISTED: "blue", Status.SUSPENDED: "red"}
    return str(agency.get_status_display()), colours.get(Status(agency.status), "grey")


def signatures_of(agency: Agency) -> QuerySet[Signature]:
    """What it signed, the newest edition first."""
    rows = Signature.objects.filter(agency=agency).select_related("edition", "signed_by")
    return rows.order_by("-edition__number")


def suspensions_of(agency: Agency) -> QuerySet[Suspension]:
    """Why it took no part, the latest first."""
    rows = Suspension.objects.filter(agency=agency).select_related("begun_by", "lifted_by")
    return rows.order_by("-begun_at")


def suspension_shown_to(actor: Actor) -> Suspension | None:
    """Why one's own agency is suspended, for those who keep oversight there."""
    if not actor.permissions & {Permission.SIGN, Permission.OVERSEE}:
        return None
    return suspensions_of(actor.agency).filter(status=Suspension.Status.RUNNING).first()


def last_day_to_sign(actor: Actor) -> date | None:
    """The day from which the agency takes no part unless it signs; None if there is none."""
    return Agency.objects.get(pk=actor.agency.pk).lapses_on
