"""Whether an agency takes part, in words: what stops it, what to do, and whom to call."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.models import Agency, Contact
from agencies.register.selectors import takes_part
from agreement.editions.selectors import in_force
from workflow.compiled import Compiled
from workflow.locking import in_the_queue
from workflow.transitions import TransitionRefused

Status = Agency.Status


def _taking_part(pk: UUID, today: date) -> Any:
    return Agency.objects.select_for_update(no_key=True).filter(takes_part(today=today), pk=pk)


# Shared: all that an agency does at once would wait, each act for the one before (ADR 116).
_TAKING_PART = Compiled(_taking_part, shared=True)


def only_if_it_takes_part(agency: UUID, otherwise: str) -> None:
    """Raise TransitionRefused, with what to do and whom to call, if it takes no part (ISA-2.1).

    Nobody suspends it until this transaction ends: what is done because it takes part, such as a
    release, has to be done while it does. Whoever calls this changes nothing of the agency after
    it: of two who share its row each would wait for the other.
    """
    in_the_queue(Agency, agency, shared=True)
    if not _TAKING_PART(pk=agency, today=timezone.localdate()):
        raise TransitionRefused(f"{otherwise} {why_not(Agency.objects.get(pk=agency))}")


def why_not(agency: Agency) -> str:
    """What keeps it from taking part, and what to do; "" if it takes part (ISA-2.1)."""
    now = Agency.objects.filter(pk=agency.pk).first() or agency
    if now.status == Status.SUSPENDED:
        said = _("%(agency)s is suspended and takes no part for the time being.")
    elif now.status in {Status.LEFT, Status.MERGED}:
        said = _("%(agency)s takes no part any longer.")
    elif now.status == Status.LISTED:
        said = _(
            "%(agency)s has not signed the agreement, so it takes no part yet. "
            "Its responsible manager signs it on the page “The agreement”."
        )
    elif now.has_lapsed:
        said = _(
            "%(agency)s has not signed %(edition)s of the agreement, so it has taken no part "
            "since %(day)s. Its responsible manager signs it on the page “The agreement”."
        )
    else:
        return ""
    day = date_format(now.lapses_on, "j F Y") if now.lapses_on else ""
    return " ".join(
        [said % {"agency": now.name, "edition": in_force() or "", "day": day}, whom_to_call()]
    ).strip()


def whom_to_call() -> str:
    """The office that keeps the register, and how to reach it; "" while there is none."""
    office = Agency.objects.filter(keeps_register=True).order_by("name").first()
    if office is None:
        return ""
    ways = ", ".join(way for way in (office.name, office.phone, office.secure_email) if way)
    return _("Questions: %s.") % ways


def missing_to_sign(agency: Agency) -> list[str]:
    """What the register lacks before an agency can sign, each with who mends it (ISA-7.4)."""
    now = Agency.objects.get(pk=agency.pk)
    held = now.contacts.filter(status=Contact.Status.CURRENT)
    posts = set(held.values_list("post", flat=True))
    missing = []
    if not now.privacy_notice:
        missing.append(_("The address of your agency's privacy notice is not on the register."))
    if Contact.Post.SPOC not in posts:
        missing.append(_("No single point of contact (SPoC) is on the register for your agency."))
    if Contact.Post.MANAGER not in posts:
        missing.append(_("No responsible manager is on the register for your agency."))
    if now.status == Status.SUSPENDED:
        missing.append(_("Your agency is suspended. The suspension has to be lifted first."))
    return missing
