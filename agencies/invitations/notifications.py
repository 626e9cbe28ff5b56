"""The letter that invites; it names nobody (ISA-6.2)."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.composing import text_of
from agencies.invitations.selectors import why_over
from agencies.invitations.tokens import leads_somewhere, token_of
from agencies.models import Invitation
from outbox.notifications import Notification, Writer, people


def invited(pk: str) -> Notification:
    """The link, to the invited person's own address only; to nobody once it leads nowhere."""
    invitation = Invitation.objects.select_related("membership__user").get(pk=pk)
    subject = _("You are invited to a service for sharing information")
    if why_over(invitation) or not leads_somewhere(invitation):
        return Notification(to={}, subject=subject, text="")
    link = reverse("agencies:invitation", args=[token_of(invitation)])
    text = text_of(
        _(
            "An agency with which you work invites you to a service by which agencies share "
            "information to keep children and young people safe."
        ),
        _("To accept, open this page: %s") % f"{settings.PORTAL_URL.rstrip('/')}{link}",
        _("It can be used once, within 72 hours, by you alone. Do not pass it on."),
        _("If you did not expect this, do nothing, and tell whoever is responsible for you."),
    )
    person = invitation.membership.user
    to = people([(person.pk, person.email)])
    return Notification(to=to, subject=subject, text=text)


NOTIFICATIONS: dict[str, Writer] = {
    "invitation.sent": invited,
}
