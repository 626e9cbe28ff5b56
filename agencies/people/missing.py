"""What a person still lacks before a case opens, what to do about it, and who can mend it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.acting import Actor
from agencies.eligibility import Missing, Standing
from agencies.grants import held, people_who
from agencies.models import Agency, Contact, Membership, User
from agencies.permissions import ABOUT_CASES, Permission

ASK = _("Ask one of the people named below.")
TO_DO: dict[Missing, Any] = {
    Missing.MEMBERSHIP: _("Ask one of the people named below to invite you."),
    Missing.ACCEPTED: _("Follow the link in the e-mail that you were sent, or ask for a new one."),
    Missing.SUSPENDED: _("Ask one of the people named below why, and when it can be lifted."),
    Missing.CHECK: _(
        "Your agency has to make a staff check on you, such as a disclosure and barring "
        "(DBS) check, and record here that it did. Ask one of the people named below to "
        "record it."
    ),
    Missing.GUIDANCE: _("Read the guidance on confidentiality and consent, and acknowledge it."),
    Missing.REVIEW: _("Ask one of the people named below to confirm your access."),
}


@dataclass(frozen=True)
class Lacking:
    """One thing that is missing: what, what to do, and where if one can do it oneself."""

    title: Any
    what: Any
    href: str = ""
    action: Any = ""


@dataclass(frozen=True)
class Keeper:
    """Somebody who can mend it."""

    name: str
    post: str
    phone: str
    email: str


def lacking(standing: Standing) -> list[Lacking]:
    """Everything that is missing, worst first."""
    return [_one(each) for each in standing.missing]


def lacking_here(actor: Actor, standing: Standing) -> list[Lacking]:
    """The same for the start page: nothing for those whose roles open no case anyway."""
    if not standing.missing:
        return []
    opens_some = held(actor.user, actor.agency) & ABOUT_CASES
    return lacking(standing) if opens_some or standing.status != Membership.Status.ACTIVE else []


def _one(missing: Missing) -> Lacking:
    if missing == Missing.GUIDANCE:
        there, words = reverse("agencies:guidance"), _("Read the guidance")
        return Lacking(missing.label, TO_DO[missing], there, words)
    return Lacking(missing.label, TO_DO[missing])


def who_mends(missing: list[Lacking], agency: Agency, but: User) -> list[Keeper]:
    """Whom to ask, unless one can do all of it oneself."""
    return keepers(agency, but) if any(not each.href for each in missing) else []


def keepers(agency: Agency, but: User) -> list[Keeper]:
    """Who can mend it at the agency: its posts on the register, then those with the role.

    Nobody mends their own; where nobody else is left, the partnership's office does.
    """
    posts = Contact.objects.filter(
        agency=agency,
        status=Contact.Status.CURRENT,
        post__in=[Contact.Post.SPOC, Contact.Post.MANAGER],
    ).exclude(email__iexact=but.email)
    found = [Keeper(p.name, str(p.get_post_display()), p.phone, p.email) for p in posts]
    known = {each.email.lower() for each in found}
    others = people_who(Permission.MANAGE_PEOPLE, agency).exclude(pk=but.pk).order_by("last_name")
    found += [
        Keeper(str(user), user.job_title, agency.phone, user.email)
        for user in others
        if user.email not in known
    ]
    return found or offices()


def offices() -> list[Keeper]:
    """The partnership's office, which keeps everybody's people."""
    return [
        Keeper(office.name, str(_("Keeps the register")), office.phone, office.secure_email)
        for office in Agency.objects.filter(keeps_register=True)
    ]
