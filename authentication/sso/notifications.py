"""What the outbox says about ways to sign in; no letter names or describes anybody (ISA-6.2)."""

from django.conf import settings
from django.utils.translation import gettext as _

from agencies.models import User
from agencies.partnership.selectors import the_partnership
from outbox.notifications import Notification, Writer, people


def _told(pk: str, said: str) -> Notification:
    """To whoever's account it is, as long as it is open."""
    to = people(User.objects.filter(pk=pk, is_active=True).values_list("pk", "email"))
    text = "\n\n".join(
        [
            said,
            _("If that was not you, tell your agency's single point of contact (SPoC) at once."),
            _("Sign in to see it: %s") % f"{settings.PORTAL_URL.rstrip('/')}/",
            _("Do not reply to this message. Nobody reads replies."),
            the_partnership().service_name,
        ]
    )
    return Notification(to=to, subject=said.rstrip("."), text=text)


def linked(pk: str) -> Notification:
    """Another way to sign in."""
    return _told(pk, _("Your account was linked to single sign-on."))


def unlinked(pk: str) -> Notification:
    """One way less."""
    return _told(pk, _("Your account is no longer linked to single sign-on."))


NOTIFICATIONS: dict[str, Writer] = {"signin.linked": linked, "signin.unlinked": unlinked}
