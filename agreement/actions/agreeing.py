"""What a statutory partner says to an edition; with the third yes it comes into force (ISA-5.3)."""

from datetime import date, timedelta
from uuid import uuid5

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import Agency
from agreement.lists.editions import all_agree, spoken_elsewhere
from agreement.models import AgreementEdition, PartnerAgreement
from agreement.moves import EDITION, PARTICIPATION, PARTNER_AGREEMENT
from workflow.act import act
from workflow.locking import hold
from workflow.moves import MoveRefused, doubled_is_done

Status = AgreementEdition.Status


@doubled_is_done
def agree(edition: AgreementEdition, *, by: Actor, reasons: str = "") -> PartnerAgreement:
    """Agree for a partner. The agreement that completes them brings the edition into force."""
    said = _say("agree", edition, by, reasons)
    if all_agree(edition):
        _bring_into_force(edition, by=by)
    return said


@doubled_is_done
def disagree(edition: AgreementEdition, *, by: Actor, reasons: str) -> PartnerAgreement:
    """Say no for a partner, with reasons; it can still agree while the edition is proposed."""
    return _say("disagree", edition, by, reasons)


def _say(move: str, edition: AgreementEdition, by: Actor, reasons: str) -> PartnerAgreement:
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
    with PARTNER_AGREEMENT.making(move, said, by=by, writes=written, edition=edition.number):
        if spoken_elsewhere(edition, by):
            raise MoveRefused(
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
        edition.in_force_on, edition.review_on = today, a_year_after(today)
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
        except MoveRefused:
            continue  # it has left or been merged in this very moment


def a_year_after(day: date) -> date:
    """The same day of the next year; the last of February for a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
