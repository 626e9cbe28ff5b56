"""The notification about new guidance (ISA-6.2)."""

from django.utils.translation import gettext as _

from agencies.composing import compose
from agencies.models import Guidance, Membership, User
from outbox.notifications import Notification, Writer


def guidance_in_force(pk: str) -> Notification:
    """Everybody who opens cases has something to read first."""
    guidance = Guidance.objects.get(pk=pk)
    subject = _("New guidance on confidentiality and consent")
    if guidance.status != Guidance.Status.IN_FORCE:
        return compose([], subject, "")
    active = Membership.objects.filter(status=Membership.Status.ACTIVE, user__is_active=True)
    to = User.objects.filter(pk__in=active.values("user")).exclude(
        acknowledgements__guidance=guidance
    )
    said = _(
        "The guidance on confidentiality and consent has changed. You have to read and "
        "acknowledge it before you open a case again."
    )
    return compose(to, subject, said)


NOTIFICATIONS: dict[str, Writer] = {
    "guidance.in_force": guidance_in_force,
}
