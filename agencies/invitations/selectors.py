"""Invitations as the pages read them."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.invitations.tokens import digest_of
from agencies.models import Agency, Invitation, Membership, User, Vetting

Status = Membership.Status


@dataclass(frozen=True)
class Brought:
    """What somebody finds who follows a link: the invitation, and why it leads nowhere if so."""

    invitation: Invitation | None
    over: str = ""


def by_token(token: str) -> Brought:
    """The invitation of a link."""
    rows = Invitation.objects.select_related("membership__agency", "membership__user")
    invitation = rows.filter(digest=digest_of(token)).first()
    if invitation is None:
        return Brought(None, _("This link is not recognised. A newer e-mail may have replaced it."))
    return Brought(invitation, why_over(invitation))


def why_over(invitation: Invitation) -> str:
    """Why its link leads nowhere; "" while it can be accepted."""
    if invitation.status == Invitation.Status.ACCEPTED:
        return _("This invitation was accepted already. Sign in with your account.")
    if invitation.status == Invitation.Status.WITHDRAWN:
        return _("This invitation was withdrawn.")
    if invitation.is_over:
        return _("This invitation has expired. An invitation can be used for 72 hours.")
    return ""


def is_new(user: User) -> bool:
    """Whether somebody was asked in and has never come: no name yet, and no way to sign in."""
    return not user.is_active and not user.has_usable_password() and not user.first_name


def why_not_invited(agency: Agency, email: str) -> str:
    """Why this address cannot be asked in to the agency; "" if it can."""
    user = User.objects.filter(email=email).first()
    if user is None:
        return ""
    if not user.is_active and not is_new(user):
        return _("The account of this address is closed. Ask the partnership’s office.")
    membership = Membership.objects.filter(user=user, agency=agency).first()
    if membership is None or membership.status == Status.LEFT:
        return ""
    if membership.status == Status.INVITED:
        return _(
            "This address has been invited already. You can send the invitation again from "
            "the person’s page."
        )
    return _("The person with this address belongs to the agency already.")


def was_sent(pk: UUID) -> bool:
    """Whether an invitation of this id went out."""
    return Invitation.objects.filter(pk=pk).exists()


def has_check_in_date(membership: Membership) -> bool:
    """Whether a check is recorded that holds today."""
    today = timezone.localdate()
    recorded = membership.checks.filter(status=Vetting.Status.RECORDED)
    return recorded.filter(made_on__lte=today, expires__gte=today).exists()
