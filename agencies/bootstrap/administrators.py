"""How the installation itself asks its first two administrators in: nobody is there to do it."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.addresses import NotAnAddress, inside
from agencies.bootstrap.unattended import found_agency, record_first_check
from agencies.domains import domain_of
from agencies.grants import grant, revoke
from agencies.invitations.tokens import renew, token_of
from agencies.kinds import AgencyKind
from agencies.models import (
    Agency,
    HeldRole,
    Invitation,
    Membership,
    Partnership,
    Proposal,
    User,
)
from agencies.permissions import Role
from outbox.post import post
from workflow.bootstrap import create_unattended, save_unattended

Status = Membership.Status
NOT_THERE = (Status.INVITED, Status.LEFT)


class NotTheFirst(Exception):
    """It cannot be done, for a reason that is said in words."""


@transaction.atomic
def invite_first_administrator(address: str, office_name: str) -> str:
    """The link for the first administrator; the office is put on the register if it is not there.

    The installation vouches for the first check, since nobody is there to record one. The second
    administrator waits until the first has confirmed the role, as any other (docs/adr/0093).
    """
    there = HeldRole.objects.filter(role=Role.ADMINISTRATOR).exclude(
        membership__status__in=NOT_THERE
    )
    is_second = there.exists()
    if there.count() > 1:
        raise NotTheFirst(_("There are two administrators already. They invite others."))
    office = _office(address, office_name)
    try:
        email = inside(address, office.domains)
    except NotAnAddress as problem:
        raise NotTheFirst(str(problem)) from None
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create(email=email, is_active=False, password=make_password(None))
    membership = Membership.objects.filter(user=user, agency=office).first()
    if membership is not None and membership.status not in NOT_THERE:
        raise NotTheFirst(_("This person belongs to the office already."))
    if membership is None:
        membership = create_unattended(Membership, user=user, agency=office, status=Status.INVITED)
    membership.status = Status.INVITED
    save_unattended(membership)
    _withdraw_others(user)
    if is_second:
        _propose_second(membership)
    else:
        grant(user, Role.ADMINISTRATOR, office)
        record_first_check(membership)
    return link_of(_invitation(membership))


def _withdraw_others(user: User) -> None:
    """Of several who were asked in to be the first, the last one counts."""
    others = HeldRole.objects.filter(role=Role.ADMINISTRATOR, membership__status=Status.INVITED)
    for held in others.exclude(membership__user=user).select_related("membership__user"):
        member = held.membership
        revoke(member.user, Role.ADMINISTRATOR, member.agency)
        for waiting in Invitation.objects.filter(membership=member, status="sent"):
            waiting.status = Invitation.Status.WITHDRAWN
            save_unattended(waiting)
        member.status = Status.LEFT
        save_unattended(member)


def _propose_second(membership: Membership) -> None:
    """Its role, for the first administrator to confirm; the same one is proposed once."""
    said = {"membership": membership, "role": Role.ADMINISTRATOR}
    if Proposal.objects.filter(status=Proposal.Status.PROPOSED, **said).exists():
        return
    post("proposal.made", about=create_unattended(Proposal, agency=membership.agency, **said))


def _office(address: str, name: str) -> Agency:
    office, domain = Agency.objects.filter(keeps_register=True).first(), domain_of(address)
    if office is None and not Partnership.objects.exists():
        raise NotTheFirst(
            _(
                "There is no partnership yet, and one is founded only while nobody is here. Run "
                "`manage.py found_partnership FOLDER` first (docs/installation.md)."
            )
        )
    if office is not None:
        if domain and not office.domains:
            # The installation vouches for the address of its first person, as for their check.
            office.domains = [domain]
            save_unattended(office)
        return office
    return found_agency(
        name=name,
        kind=AgencyKind.COMMISSIONED,
        keeps_register=True,
        domains=[domain] if domain else [],
    )


def _invitation(membership: Membership) -> Invitation:
    """A new link; the one before leads nowhere from now on."""
    waiting = Invitation.objects.filter(membership=membership, status=Invitation.Status.SENT)
    invitation: Invitation = waiting.first() or Invitation(membership=membership)
    invitation.email = membership.user.email
    renew(invitation)
    save_unattended(invitation)
    return invitation


def link_of(invitation: Invitation) -> str:
    """Where its e-mail would lead."""
    there = reverse("agencies:invitation", args=[token_of(invitation)])
    return f"{settings.PORTAL_URL.rstrip('/')}{there}"
